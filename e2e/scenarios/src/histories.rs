//! Endpoints with a history.

use fanout::history::{Appended, Entry, EntryId, History, HistoryError, Kept, Latest, Missed};
use fanout::prelude::*;

/// The endpoints of this module.
#[fanout::endpoints(events, replayed, lines, poll, guarded)]
pub enum Endpoints {}

/// A history of the entries 3 to `until`, whose ids are their numbers. It says that `newest` is the newest one, as if the
/// others were appended after the request.
///
/// A local app has no memory that two requests share, so the path says what is kept.
pub struct Numbered {
    newest: u64,
    until: u64,
}

const OLDEST: u64 = 3;

/// A history of these bounds.
pub fn numbered(newest: u64, until: u64) -> Numbered {
    Numbered { newest, until }
}

fn kept(number: u64) -> Kept {
    Kept::new(id(number), Entry::new(format!("{number}")).expect("text can be kept"))
}

fn id(number: u64) -> EntryId {
    EntryId::new(number.to_string()).expect("a number is an id")
}

impl History for Numbered {
    fn append(&self, _: &Channel, _: Entry) -> Result<Appended, HistoryError> {
        Err(HistoryError::permanent("the scenarios publish by themselves"))
    }

    fn after(&self, _: &Channel, id: &EntryId) -> Result<Missed, HistoryError> {
        Ok(match id.as_str().parse::<u64>() {
            Ok(number) if number < OLDEST - 1 => Missed::Expired,
            Ok(number) if number <= self.until => {
                Missed::Entries((number + 1..=self.until).map(kept).collect())
            }
            _ => Missed::Unknown,
        })
    }

    fn latest(&self, _: &Channel, count: usize) -> Result<Latest, HistoryError> {
        let all: Vec<_> = (OLDEST..=self.newest).map(kept).collect();
        let entries = all[all.len().saturating_sub(count)..].to_vec();
        Ok(Latest { entries, newest: id(self.newest) })
    }
}

/// A greeting, and then the entries.
#[fanout::sse(
    path = "/histories/events/{of}/{newest}/{until}",
    channel = "history-{of}",
    history = numbered(newest, until)
)]
pub fn events() -> Event {
    Event::named("greeting", "hello")
}

/// The newest two at first.
#[fanout::sse(
    path = "/histories/replayed/{of}/{newest}/{until}",
    channel = "history-{of}",
    history = numbered(newest, until),
    replay = 2,
    next_after = 2
)]
pub fn replayed() {}

/// A stream of bytes.
#[fanout::stream(
    path = "/histories/lines/{of}/{newest}/{until}",
    channel = "history-{of}",
    history = numbered(newest, until)
)]
pub fn lines() -> &'static str {
    "open\n"
}

/// One entry at a time.
#[fanout::long_poll(
    path = "/histories/poll/{of}/{newest}/{until}",
    channel = "history-{of}",
    history = numbered(newest, until),
    timeout = 5
)]
pub fn poll() -> &'static str {
    "nothing yet\n"
}

fn by_cookie(cookies: Cookies) -> Result<String, Answer> {
    cookies.get("session").map(str::to_owned).ok_or_else(|| Answer::text(403, "no session\n"))
}

/// For members.
#[fanout::sse(
    path = "/histories/guarded/{of}/{newest}/{until}",
    channel = "history-{of}",
    history = numbered(newest, until),
    guard = by_cookie
)]
pub fn guarded(Guarded(session): Guarded<&String>) -> Event {
    Event::named("greeting", session)
}
