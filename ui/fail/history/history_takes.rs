#[fanout::sse(path = "/{room}", channel = "news-{room}", history = goals)]
fn news() {}

fn goals(_room: u8) -> fanout::history::MemoryHistory {
    fanout::history::MemoryHistory::new(10)
}

#[fanout::main(news)]
fn main() {}
