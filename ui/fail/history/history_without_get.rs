use fanout::history::MemoryHistory;

static HISTORY: MemoryHistory = MemoryHistory::new(10);

fn goals() -> &'static MemoryHistory {
    &HISTORY
}

#[fanout::sse(channel = "news", methods = "POST", history = goals)]
fn news() {}

#[fanout::long_poll(channel = "news", methods = "POST", history = goals)]
fn poll() {}

#[fanout::main(news, poll)]
fn main() {}
