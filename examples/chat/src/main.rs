//! A chat with rooms and nicknames. Each message is published to the channel of the room.
//!
//! A history keeps the messages. A client says the last id that it has, `/since ID`, and gets what it missed.

mod page;

use fanout::history::{Entry, EntryId, History, Kept, Missed};
use fanout::prelude::*;
use fanout::publish::{Item, Message, PublishError};
use fanout::websocket::CloseWith;
use serde::{Deserialize, Serialize};

/// The limit of messages that a client without an id gets.
const EARLIER: usize = 20;

/// A client in a room. The proxy keeps this state from one message to the next.
#[derive(Serialize, Deserialize)]
struct Chat {
    nickname: String,
}

/// The messages that all clients in the room receive, and `Missed`, which is the answer to `/since`.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Heard<'a> {
    Joined {
        nickname: &'a str,
    },
    Said {
        #[serde(flatten)]
        said: &'a Said,
        id: &'a EntryId,
        /// The id of what was said before. A client that has another one has missed something, and says `/since`.
        prev: &'a EntryId,
    },
    Renamed {
        nickname: &'a str,
        to: &'a str,
    },
    Left {
        nickname: &'a str,
    },
    Missed {
        said: Vec<WithId>,
        /// The newest id.
        last: EntryId,
        /// True if some of what the client missed is no longer kept.
        incomplete: bool,
    },
}

/// A message of a client, which the history keeps.
#[derive(Clone, Serialize, Deserialize)]
struct Said {
    nickname: String,
    text: String,
}

#[derive(Serialize)]
struct WithId {
    id: EntryId,
    #[serde(flatten)]
    said: Said,
}

#[derive(Deserialize)]
struct Entering {
    nickname: String,
}

#[fanout::ws(path = "/rooms/{room}", channel = "room-{room}", max_message = 2_000)]
impl Chat {
    fn open(room: &str, Query(entering): Query<Entering>) -> Result<Self, Answer> {
        let nickname = nickname(&entering.nickname).map_err(|error| Answer::text(400, error))?;
        tell(room, &Heard::Joined { nickname })?;
        Ok(Self { nickname: nickname.to_owned() })
    }

    /// `/since ID` requests what was said after an id, and `/since` the latest. `/nick NAME` changes the nickname. Any other text is a
    /// message to the room.
    fn text(&mut self, message: &str, room: &str) -> Result<Option<String>, CloseWith> {
        if let Some(id) = message.strip_prefix("/since").filter(|id| id.is_empty() || id.starts_with(' ')) {
            return Ok(Some(serde_json::to_string(&missed(room, id.trim())?)?));
        }
        let Some(name) = message.strip_prefix("/nick ") else {
            say(room, &Said { nickname: self.nickname.clone(), text: message.to_owned() })?;
            return Ok(None);
        };
        match nickname(name) {
            Ok(name) => {
                tell(room, &Heard::Renamed { nickname: &self.nickname, to: name })?;
                self.nickname = name.to_owned();
                Ok(None)
            }
            // Only the client that sent the command gets this.
            Err(error) => Ok(Some(error.to_owned())),
        }
    }

    fn close(&self, room: &str) -> Result<(), PublishError> {
        tell(room, &Heard::Left { nickname: &self.nickname })
    }

    /// Runs if the connection breaks off without a close.
    fn disconnect(&self, room: &str) -> Result<(), PublishError> {
        tell(room, &Heard::Left { nickname: &self.nickname })
    }
}

fn nickname(name: &str) -> Result<&str, &'static str> {
    let name = name.trim();
    match name.chars().count() {
        1..=20 => Ok(name),
        _ => Err("a nickname has 1 to 20 characters"),
    }
}

fn tell(room: &str, heard: &Heard<'_>) -> Result<(), PublishError> {
    fanout::publish(Chat::channel(room), Message::json(heard)?)
}

/// Keeps what was said, and publishes it with its id.
fn say(room: &str, said: &Said) -> Result<(), CloseWith> {
    let channel = Chat::channel(room);
    let appended = history().append(&channel, Entry::new(Message::json(said)?)?)?;
    let (id, prev) = (&appended.id, &appended.prev_id);
    let item = Item::new(channel, Message::json(&Heard::Said { said, id, prev })?);
    // It is kept. A client that does not receive it notices the gap at the next message. With an error, its author would
    // reconnect and send it again.
    if let Err(error) = fanout::publish_all([item.id(id.as_str()).prev_id(prev.as_str())]) {
        eprintln!("{id} is kept and was not published: {error}");
    }
    Ok(())
}

/// Returns what was said after an id, or the latest if the id is empty.
fn missed(room: &str, id: &str) -> Result<Heard<'static>, CloseWith> {
    let channel = Chat::channel(room);
    if let Ok(id) = EntryId::new(id)
        && let Missed::Entries(kept) = history().after(&channel, &id)?
    {
        let last = kept.last().map_or(&id, Kept::id).clone();
        return Ok(Heard::Missed { said: said(&kept), last, incomplete: false });
    }
    let latest = history().latest(&channel, EARLIER)?;
    Ok(Heard::Missed { said: said(&latest.entries), last: latest.newest, incomplete: !id.is_empty() })
}

fn said(kept: &[Kept]) -> Vec<WithId> {
    let said = |kept: &Kept| serde_json::from_str(kept.entry().text()?).ok();
    kept.iter().filter_map(|kept| Some(WithId { id: kept.id().clone(), said: said(kept)? })).collect()
}

/// The messages of the last 24 hours, at most 100 of each room.
#[cfg(target_family = "wasm")]
fn history() -> impl History {
    fanout::history::KvHistory::new("chat")
}

/// The stand-in for host tests. Each thread, and so each test, has its own.
#[cfg(not(target_family = "wasm"))]
fn history() -> impl History {
    use std::rc::Rc;

    use fanout::history::MemoryHistory;

    thread_local! {
        static HISTORY: Rc<MemoryHistory> = Rc::new(MemoryHistory::new(100));
    }
    HISTORY.with(Rc::clone)
}

#[fanout::main(Chat)]
fn main(request: Request) -> Response {
    match request.get_path() {
        "/" => page::page(),
        _ => Response::from_status(404).with_body_text_plain("the chat is at /\n"),
    }
}

#[cfg(test)]
mod tests;
