use fanout::history::MemoryHistory;

static HISTORY: MemoryHistory = MemoryHistory::new(10);

fn goals() -> &'static MemoryHistory {
    &HISTORY
}

#[fanout::ws(channel = "news", history = goals)]
fn news() {}

#[fanout::main(news)]
fn main() {}
