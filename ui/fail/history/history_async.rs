#[fanout::sse(channel = "news", history = goals)]
fn news() {}

async fn goals() -> fanout::history::MemoryHistory {
    fanout::history::MemoryHistory::new(10)
}

#[fanout::main(news)]
fn main() {}
