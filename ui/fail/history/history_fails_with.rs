#[fanout::sse(channel = "news", history = goals)]
fn news() {}

struct Failed;

fn goals() -> Result<fanout::history::MemoryHistory, Failed> {
    Err(Failed)
}

#[fanout::main(news)]
fn main() {}
