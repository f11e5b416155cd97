//! A chat with rooms and nicknames. Each message is published to the channel of the room.

mod page;

use fanout::prelude::*;
use fanout::publish::{Message, PublishError};
use serde::{Deserialize, Serialize};

/// A client in a room. The proxy keeps this state from one message to the next.
#[derive(Serialize, Deserialize)]
struct Chat {
    nickname: String,
}

/// The messages that all clients in the room receive.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Heard<'a> {
    Joined { nickname: &'a str },
    Said { nickname: &'a str, text: &'a str },
    Renamed { nickname: &'a str, to: &'a str },
    Left { nickname: &'a str },
}

#[derive(Deserialize)]
struct Entry {
    nickname: String,
}

#[fanout::ws(path = "/rooms/{room}", channel = "room-{room}", max_message = 2_000)]
impl Chat {
    fn open(room: &str, Query(entry): Query<Entry>) -> Result<Self, Answer> {
        let nickname = nickname(&entry.nickname).map_err(|error| Answer::text(400, error))?;
        tell(room, &Heard::Joined { nickname })?;
        Ok(Self { nickname: nickname.to_owned() })
    }

    /// `/nick NAME` changes the nickname. Any other text is a message to the room.
    fn text(&mut self, message: &str, room: &str) -> Result<Option<String>, PublishError> {
        let Some(name) = message.strip_prefix("/nick ") else {
            tell(room, &Heard::Said { nickname: &self.nickname, text: message })?;
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
    let message = Message::json(heard).expect("all fields are texts");
    fanout::publish(Chat::channel(room), message)
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
