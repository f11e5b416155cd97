//! WebSockets whose handlers are functions.

use fanout::prelude::*;
use fanout::publish::PublishError;
use fanout::websocket::{
    CloseCode, CloseWith, Frame, IntoClose as _, InvalidJson, InvalidReply, KeepAlive, Message, Reply,
    Subprotocol,
};
use serde::{Deserialize, Serialize};

/// Sends each message back.
#[fanout::ws(echo, path = "/ws/echo/{of}", channel = "ws-{of}")]
pub fn echo() {}

/// The same, after a first message.
#[fanout::ws(echo, path = "/ws/welcome/{of}", channel = "ws-{of}")]
pub fn welcome(of: &str) -> [String; 2] {
    ["welcome".to_owned(), of.to_owned()]
}

/// Only what is published.
#[fanout::ws(path = "/ws/silent/{of}", channel = "ws-{of}")]
pub fn silent() {}

/// The headers of a client, as a handler sees them with each message.
#[fanout::ws(path = "/ws/headers/{of}", channel = "ws-{of}")]
pub fn headers(head: &RequestHead<'_>, _message: &str) -> String {
    crate::headers(head)
}

/// Text.
#[fanout::ws(path = "/ws/text/{of}", channel = "ws-{of}")]
pub fn text(message: &str) -> String {
    message.to_uppercase()
}

/// Bytes.
#[fanout::ws(path = "/ws/binary/{of}", channel = "ws-{of}")]
pub fn binary(message: &[u8]) -> Vec<u8> {
    message.iter().rev().copied().collect()
}

/// Both, twice.
#[fanout::ws(path = "/ws/both/{of}", channel = "ws-{of}")]
pub fn both(message: Message) -> [Message; 2] {
    [message.clone(), message]
}

/// A message for each word.
#[fanout::ws(path = "/ws/words/{of}", channel = "ws-{of}")]
pub fn words(message: &str) -> impl Iterator<Item = &str> {
    message.split(' ')
}

/// A point.
#[derive(Serialize, Deserialize)]
pub struct Point {
    x: u8,
    y: u8,
}

/// JSON.
#[fanout::ws(path = "/ws/json/{of}", channel = "ws-{of}")]
pub fn json(Json(Point { x, y }): Json<Point>) -> Json<Point> {
    Json(Point { x: y, y: x })
}

/// JSON, or what is wrong with it.
#[fanout::ws(path = "/ws/lenient/{of}", channel = "ws-{of}")]
pub fn lenient(message: Result<Json<Point>, InvalidJson>) -> String {
    match message {
        Ok(Json(Point { x, y })) => format!("{x} {y}"),
        Err(error) => error.to_string(),
    }
}

/// At most ten bytes, for pages of one origin.
#[fanout::ws(path = "/ws/strict/{of}", channel = "ws-{of}", origins = ["https://www.example.com"], max_message = 10)]
pub fn strict(message: Message) -> Message {
    message
}

/// Two subprotocols, the first of them preferred.
#[fanout::ws(path = "/ws/spoken/{of}", channel = "ws-{of}", subprotocols = ["v2.example", "v1.example"])]
pub fn spoken(Subprotocol(name): Subprotocol, _message: &str) -> &'static str {
    name
}

/// A ping every two seconds.
#[fanout::ws(path = "/ws/pinged/{of}", channel = "ws-{of}", keep_alive = every("2s", "awake?"))]
pub fn pinged(message: &str) -> &str {
    message
}

/// A ping after six quiet seconds.
#[fanout::ws(path = "/ws/quiet/{of}", channel = "ws-{of}", keep_alive = "6s")]
pub fn quiet(message: &str) -> &str {
    message
}

/// The number of members, whom the query names.
#[derive(Deserialize)]
pub struct Join {
    nickname: String,
}

/// Each message goes to all members of the room.
#[fanout::ws(path = "/ws/chat/{of}", channel = "chat-{of}")]
pub fn chat(of: &str, Query(join): Query<Join>, message: &str) -> Result<(), PublishError> {
    fanout::publish(chat::channel(of), format!("{}: {message}", join.nickname))
}

/// Refuses to open without a nickname.
#[fanout::ws(path = "/ws/asked/{of}", channel = "ws-{of}")]
pub fn asked(Query(join): Query<Join>) -> Result<Option<String>, Answer> {
    match join.nickname.as_str() {
        "" => Err(Answer::text(403, "an empty nickname\n")),
        "mute" => Ok(None),
        name => Ok(Some(format!("hello {name}"))),
    }
}

/// Does what each message says, and then sends `done`.
#[fanout::ws(path = "/ws/told/{of}", channel = "ws-{of}")]
pub fn told(of: &str, message: &str) -> Result<Reply, CloseWith> {
    let mut reply = Reply::new();
    let words: Vec<_> = message.split(' ').collect();
    tell(of, &words, &mut reply).map_err(InvalidReply::into_close)?;
    reply.text("done");
    Ok(reply)
}

fn tell(of: &str, words: &[&str], reply: &mut Reply) -> Result<(), InvalidReply> {
    let channel = |name: &&str| Channel::new(format!("told-{of}-{name}"));
    match words {
        ["subscribe", name] => reply.subscribe(channel(name)?),
        ["subscribe", name, "skip-self"] => {
            reply.subscribe(Subscription::new(channel(name)?).filter(fanout::grip::Filter::SkipSelf))
        }
        ["unsubscribe", name] => reply.unsubscribe(&channel(name)?),
        ["session", id] => reply.session(id),
        ["meta", name, value] => reply.set_meta(name, value),
        ["meta", name] => reply.remove_meta(name),
        ["delay", text, seconds] => reply.send_delayed(Frame::Text(text), seconds.parse().unwrap_or(1)),
        ["flush"] => {
            reply.flush_delayed();
            Ok(())
        }
        ["ping", content] => reply.ping(content.as_bytes()),
        ["awake", "text"] => reply.keep_alive(KeepAlive::idle(Frame::Text("awake?"), 2)),
        ["awake", "binary"] => reply.keep_alive(KeepAlive::interval(Frame::Binary(b"\x00\xff"), 2)),
        ["asleep"] => {
            reply.keep_alive_off();
            Ok(())
        }
        ["detach"] => {
            reply.detach();
            Ok(())
        }
        ["long", bytes] => {
            reply.text("x".repeat(bytes.parse().unwrap_or(1)));
            Ok(())
        }
        ["close", code] => {
            let code =
                code.parse().ok().and_then(|code| CloseCode::new(code).ok()).unwrap_or(CloseCode::POLICY);
            reply.close(code, "as you say")
        }
        _ => Ok(()),
    }
}

/// Fails at one message, and says so at another.
#[fanout::ws(path = "/ws/fails/{of}", channel = "ws-{of}")]
pub fn fails(message: &str) -> Result<String, CloseWith> {
    match message {
        "fail" => Err(CloseWith::internal_error("the scenario wants it")),
        "refuse" => Err(CloseWith::new(CloseCode::POLICY, "not that word")),
        other => Ok(other.to_owned()),
    }
}

/// The endpoints of this module.
#[fanout::endpoints(
    headers, echo, welcome, silent, text, binary, both, words, json, lenient, strict, spoken, pinged, quiet,
    chat, asked, told, fails
)]
pub enum Endpoints {}
