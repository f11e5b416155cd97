#[fanout::sse(path = "/{room}", channel = "news-{room}", history = goals)]
fn news() {}

static GOALS: fanout::history::MemoryHistory = fanout::history::MemoryHistory::new(10);

fn goals(_room: u8) -> &'static fanout::history::MemoryHistory {
    &GOALS
}

#[fanout::main(news)]
fn main() {}
