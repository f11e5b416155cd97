#[fanout::sse(path = "/{room}", channel = "news-{room}", history = goals(rom))]
fn news() {}

fn goals(_room: &str) -> fanout::history::MemoryHistory {
    fanout::history::MemoryHistory::new(10)
}

#[fanout::main(news)]
fn main() {}
