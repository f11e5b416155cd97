#[fanout::sse(channel = "news", "replay = ten", history = old)]
fn news() {}

fn old() -> &'static fanout::history::MemoryHistory {
    static OLD: fanout::history::MemoryHistory = fanout::history::MemoryHistory::new(5);
    &OLD
}

#[fanout::main(news)]
fn main() {}
