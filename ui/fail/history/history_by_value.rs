use fanout::history::MemoryHistory;

#[fanout::sse(channel = "goals", history = history)]
fn goals() {}

fn history() -> MemoryHistory {
    MemoryHistory::new(100)
}

#[fanout::main(goals)]
fn main() {}
