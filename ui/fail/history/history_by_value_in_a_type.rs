use fanout::Channel;
use fanout::history::{Appended, Entry, EntryId, History, HistoryError, Latest, MemoryHistory, Missed};

struct Goals(MemoryHistory);

impl History for Goals {
    fn append(&self, channel: &Channel, entry: Entry) -> Result<Appended, HistoryError> {
        self.0.append(channel, entry)
    }

    fn after(&self, channel: &Channel, id: &EntryId) -> Result<Missed, HistoryError> {
        self.0.after(channel, id)
    }

    fn latest(&self, channel: &Channel, count: usize) -> Result<Latest, HistoryError> {
        self.0.latest(channel, count)
    }
}

#[fanout::sse(path = "/goals/{team}", channel = "goals", history = history(team))]
fn goals(team: &str) {
    let _ = team;
}

fn history(_: &str) -> Result<Goals, HistoryError> {
    Ok(Goals(MemoryHistory::new(100)))
}

#[fanout::main(goals)]
fn main() {}
