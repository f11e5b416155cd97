//! The history of an endpoint, in every form.

use fanout::Guarded;
use fanout::history::{Appended, Entry, EntryId, History, HistoryError, Latest, MemoryHistory, Missed};
use fanout::prelude::*;

static HISTORY: MemoryHistory = MemoryHistory::new(10).max_age(std::time::Duration::from_secs(90));

fn shared() -> &'static MemoryHistory {
    &HISTORY
}

fn of_room(room: &str, head: &RequestHead) -> Result<Box<dyn History>, Answer> {
    match (room, head.query()) {
        ("none", _) => Err(Answer::text(404, "no such room\n")),
        _ => Ok(Box::new(&HISTORY)),
    }
}

fn who(_: &RequestHead) -> Result<String, Answer> {
    Ok("ann".to_owned())
}

fn of_user(Guarded(_): Guarded<&String>) -> Result<Own, HistoryError> {
    Ok(Own)
}

/// A history of the app's own.
struct Own;

impl History for Own {
    fn append(&self, channel: &Channel, entry: Entry) -> Result<Appended, HistoryError> {
        HISTORY.append(channel, entry)
    }

    fn after(&self, channel: &Channel, id: &EntryId) -> Result<Missed, HistoryError> {
        HISTORY.after(channel, id)
    }

    fn latest(&self, channel: &Channel, count: usize) -> Result<Latest, HistoryError> {
        HISTORY.latest(channel, count)
    }
}

#[fanout::sse(channel = "a", history = shared)]
fn events() {}

#[fanout::sse(channel = ["b"], history = self::shared, replay = 10, next_after = "1m", gone = "/gone")]
fn replayed() -> Event {
    Event::comment("hello")
}

#[fanout::stream(path = "/{room}/bytes", channel = "bytes-{room}", history = of_room(room))]
fn bytes(room: &str) -> String {
    room.to_owned()
}

#[fanout::long_poll(path = "/{room}/poll", channel = "a,b;{room}", history = of_room(room), replay = 1, timeout = 10)]
fn poll(seen: LastEventId) -> Poll<String, ()> {
    seen.into_inner().map_or(Poll::Wait(()), Poll::Now)
}

fn inbox_of(Guarded(user): Guarded<&String>) -> Result<Channel, Answer> {
    Ok(Channel::new(format!("inbox-{user}"))?)
}

#[fanout::sse(channel = inbox_of, guard = who, history = of_user)]
fn inbox(Guarded(user): Guarded<&String>) -> String {
    user.clone()
}

#[fanout::sse(channel = "a", last_event_id_query)]
fn by_hand(seen: LastEventId) -> Option<String> {
    seen.into_inner()
}

#[fanout::post]
fn publish(Body(text): Body<String>) -> Result<String, fanout::history::NotPublished> {
    Ok(shared().publish(events::channel(), text)?.to_string())
}

#[fanout::main(events, replayed, bytes, poll, inbox, by_hand, publish)]
fn main() {}
