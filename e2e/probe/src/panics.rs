//! Code that panics, in every place where an endpoint has code.

use std::convert::Infallible;
use std::str::FromStr;

use fanout::prelude::*;
use fanout::websocket::Reply;
use fanout::websocket::Stale;
use serde::{Deserialize, Serialize};

/// Every line that panics says this, and no client may see it.
macro_rules! secret {
    () => {
        panic!("the secret\nof line {}", line!())
    };
}

/// A handler that holds.
#[fanout::sse(path = "/panics/sse/{value}", channel = "panics", cors = ["http://page.example"])]
fn sse(value: &str) -> Event {
    if value == "panic" {
        secret!()
    }
    Event::data(value)
}

/// The standard library panics on behalf of the handler.
#[fanout::stream(path = "/panics/stream", channel = "panics")]
fn stream() -> String {
    let none: Option<String> = std::env::var("PANICS").ok();
    none.expect("the secret of the stream")
}

/// A handler that answers.
#[fanout::long_poll(path = "/panics/poll", channel = "panics")]
fn poll() -> &'static str {
    secret!()
}

fn channels() -> Channel {
    secret!()
}

/// A channel function.
#[fanout::sse(path = "/panics/channel", channel = channels)]
fn channel() {}

struct Extracted;

impl<'r> FromRequest<'r> for Extracted {
    type Rejection = Answer;

    fn from_request(_: &'r RequestHead<'r>) -> Result<Self, Answer> {
        secret!()
    }
}

/// An extractor.
#[fanout::sse(path = "/panics/extractor", channel = "panics")]
fn extractor(_it: Extracted) {}

struct Parsed;

impl FromStr for Parsed {
    type Err = Infallible;

    fn from_str(_: &str) -> Result<Self, Infallible> {
        secret!()
    }
}

/// A path parameter, which is parsed on the client request too.
#[fanout::sse(path = "/panics/parsed/{value}", channel = "panics")]
fn parsed(value: Parsed) {
    let _ = value;
}

fn refuse_all() -> Result<(), Answer> {
    secret!()
}

/// A guard.
#[fanout::sse(path = "/panics/guard", channel = "panics", guard = refuse_all, cors = ["http://page.example"])]
fn guard() {}

/// The guard of a WebSocket.
#[fanout::ws(path = "/panics/guarded_ws", guard = refuse_all)]
fn guarded_ws(_message: &str) {}

/// A handler of messages.
#[fanout::ws(path = "/panics/ws")]
fn ws(message: &str) -> &str {
    if message == "panic" {
        secret!()
    }
    message
}

/// A handler of messages that returns an iterator, which panics after the first item.
#[fanout::ws(path = "/panics/iterator")]
fn iterator(message: &str) -> impl Iterator<Item = String> {
    (0..2).map(|part| if part == 0 { message.to_owned() } else { secret!() })
}

/// A connection whose client says in the path where it panics.
#[derive(Serialize, Deserialize)]
pub struct Life {
    texts: u32,
    at: String,
}

#[fanout::ws(path = "/panics/life/{at}")]
impl Life {
    fn open(at: &str) -> Self {
        if at == "open" {
            secret!()
        }
        Self { texts: 0, at: at.to_owned() }
    }

    fn text(&mut self, message: &str) -> String {
        self.texts += 1;
        if self.at == "text" && message == "panic" {
            secret!()
        }
        format!("{message} {}", self.texts)
    }

    fn binary(&mut self, _message: &[u8]) -> Reply {
        secret!()
    }

    fn close(&mut self, _code: Option<u16>) {
        if self.at == "close" {
            secret!()
        }
    }

    fn disconnect(&self) {
        if self.at == "disconnect" {
            secret!()
        }
    }

    fn renew(_stale: Stale) -> Self {
        secret!()
    }
}

/// The body of `main`.
pub fn in_main(path: &str) -> Response {
    match path {
        "/panics/main" => secret!(),
        "/panics/main/answered" => {
            Response::from_status(202).with_body("answered first\n").send_to_client();
            secret!()
        }
        _ => Response::from_status(404),
    }
}

/// The endpoints of this module.
#[fanout::endpoints(sse, stream, poll, channel, extractor, parsed, guard, guarded_ws, ws, iterator, Life)]
pub enum Endpoints {}
