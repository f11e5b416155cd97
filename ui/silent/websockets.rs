//! Handlers of messages, and connection types.

use fanout::websocket::{Close, CloseCode, CloseWith, IntoClose, Message, Reply, Stale, Subprotocol};
use fanout::prelude::*;
use fanout::{Guarded, Json, Query};
use serde::{Deserialize, Serialize};

#[fanout::ws]
fn shout(message: &str) -> String {
    message.to_uppercase()
}

#[fanout::ws(path = "/rooms/{room}/say", channel = "room-{room}", guard = anybody)]
fn say(room: String, user: Guarded<u8>, message: Json<Said>) -> Result<Option<Json<Said>>, CloseWith> {
    let Json(said) = message;
    if said.text.is_empty() {
        return Err(CloseWith::new(CloseCode::POLICY, "say something"));
    }
    Ok(Some(Json(Said { text: format!("{room} {} {}", user.0, said.text) })))
}

#[fanout::ws(max_message = 1_000, keep_alive = "20s", keep_alive_interval = "1m", subprotocols = ["a", "b"])]
fn bytes(bytes: &[u8], Subprotocol(name): Subprotocol) -> Vec<u8> {
    [bytes, name.as_bytes()].concat()
}

#[fanout::ws(origins = ["https://www.example.com"], keep_alive = every("30s", "awake"))]
fn both(message: Message) -> [Message; 2] {
    [message.clone(), message]
}

#[fanout::ws(message = own, keep_alive = every(30))]
fn named(own: Own, _head: &RequestHead) -> Reply {
    let mut reply = Reply::new();
    reply.text(own.0);
    reply
}

#[fanout::ws(origins = ["https://www.example.com"], guard = signed_in)]
fn greeted(cookies: Cookies, user: Guarded<&String>) -> Option<String> {
    cookies.get("greeting").map(|greeting| format!("{greeting}, {}", user.0))
}

fn signed_in(cookies: Cookies) -> Result<String, Answer> {
    cookies.get("session").map(str::to_owned).ok_or_else(|| Answer::text(401, "sign in first\n"))
}

// `message` is not a misspelt `message_id`.
#[fanout::ws(path = "/threads/{message_id}", channel = "thread-{message_id}")]
fn thread(message: &str) -> String {
    message.to_owned()
}

struct Own(String);

impl<'m> fanout::websocket::FromMessage<'m> for Own {
    type Rejection = std::convert::Infallible;

    fn from_message(message: fanout::websocket::Incoming<'m>) -> Result<Self, Self::Rejection> {
        Ok(Self(format!("{message:?}")))
    }
}

fn anybody() -> Result<u8, Answer> {
    Ok(1)
}

#[derive(Serialize, Deserialize)]
struct Said {
    text: String,
}

#[derive(Serialize, Deserialize, Default)]
pub struct Counter {
    count: u32,
}

#[fanout::ws(path = "/counter")]
impl Counter {
    fn text(&mut self, _message: &str) -> String {
        self.count += 1;
        self.count.to_string()
    }

    #[expect(clippy::needless_arbitrary_self_type, reason = "it can be written so")]
    fn binary(self: &mut Self, _message: &[u8]) {
        self.count = 0;
    }

    // The close is not used.
    fn close(&mut self, head: &RequestHead, _: Option<Query<Asked>>) -> String {
        self.count = 0;
        head.path().to_owned()
    }
}

#[derive(Serialize, Deserialize)]
struct ChatRoom {
    nickname: String,
}

#[derive(Debug)]
struct Full;

impl std::fmt::Display for Full {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("full")
    }
}

impl IntoClose for Full {}

#[derive(Deserialize)]
struct Asked {
    nickname: Option<String>,
}

/// Documented.
#[fanout::ws(path = "/chat/{room}/{number}", channel = ["chat-{room}", "chat"], guard = anybody)]
#[cfg(any(unix, windows))]
impl ChatRoom {
    fn open(room: &str, number: u8, query: Query<Asked>, user: Guarded<&u8>) -> Result<(Self, String), Answer> {
        let nickname = query.0.nickname.ok_or_else(|| Answer::text(400, "who?\n"))?;
        Ok((Self { nickname }, format!("welcome to {room} {number} {}", user.0)))
    }

    fn text(&mut self, Guarded(user): Guarded<&u8>, message: &str, room: String) -> Result<String, Full> {
        if message.is_empty() { Err(Full) } else { Ok(format!("{} ({user}) in {room}: {message}", self.nickname)) }
    }

    #[cfg(not(any()))]
    fn binary(&self, message: Vec<u8>) -> Option<Vec<u8>> {
        (self.nickname.len() > 1).then_some(message)
    }

    fn close(&mut self, close: Option<Close>) -> String {
        self.nickname.clear();
        close.map_or_else(String::new, |close| close.reason.to_owned())
    }

    fn disconnect(&mut self) {
        self.nickname.clear();
    }

    fn renew(stale: Stale) -> Result<Self, CloseWith> {
        Err(CloseWith::new(CloseCode::RESTART, stale.to_string()))
    }
}

#[derive(Serialize, Deserialize)]
struct Renewed(String);

#[fanout::ws]
impl Renewed {
    fn renew(stale: &Stale, head: &fanout::RequestHead<'_>) -> Self {
        Self(format!("{stale} {}", head.path()))
    }

    fn open() -> Self {
        Self(String::new())
    }
}

macro_rules! connection {
    ($name:ident, $path:literal, $ty:ty) => {
        #[derive(Serialize, Deserialize, Default)]
        pub(crate) struct $name(u8);

        #[fanout::ws(path = $path)]
        impl $ty {
            fn message(&mut self, message: Message) -> Message {
                self.0 = self.0.wrapping_add(1);
                message
            }

            #[cfg(any())]
            fn open(missing: Missing) -> Self {}

            #[cfg(any())]
            fn close(&mut self, missing: Missing) {}
        }
    };
}

connection!(First, "/first", First);
connection!(Second, "/second", Second);

#[fanout::main(shout, say, bytes, both, named, greeted, thread, Counter, ChatRoom, Renewed, First, Second)]
fn main() {
    let _: [Channel; 2] = ChatRoom::channels("a");
}
