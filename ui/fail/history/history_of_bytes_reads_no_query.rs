use fanout::history::MemoryHistory;

static HISTORY: MemoryHistory = MemoryHistory::new(10);

fn goals() -> &'static MemoryHistory {
    &HISTORY
}

#[fanout::stream(channel = "news", history = goals, last_event_id_query)]
fn news() {}

#[fanout::main(news)]
fn main() {}
