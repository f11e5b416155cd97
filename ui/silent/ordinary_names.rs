//! Names of the user's that other programs give to other things.

use fanout::prelude::*;
use fanout::FromRequest;
use fanout::websocket::Close;
use serde::{Deserialize, Serialize};

struct Mine;

impl FromRequest<'_> for Mine {
    type Rejection = std::convert::Infallible;

    fn from_request(_: &RequestHead<'_>) -> Result<Self, Self::Rejection> {
        Ok(Self)
    }
}

/// An extractor that is called like a message.
#[derive(Default, Serialize, Deserialize)]
struct Board {
    count: u32,
}

#[fanout::ws(path = "/boards/{text}")]
impl Board {
    fn text(&mut self, text: &str, line: &str, data: Mine) -> String {
        let Mine = data;
        self.count += 1;
        format!("{text} {line}")
    }

    fn binary(&mut self, raw: Vec<u8>, body: Mine) -> Vec<u8> {
        let Mine = body;
        self.count += 1;
        raw
    }

    fn close(&mut self, text: &str, reason: Option<Close>, message: Mine) {
        let Mine = message;
        self.count += 1;
        let _ = (text, reason);
    }
}

/// A type that is called like a container.
#[derive(Default, Serialize, Deserialize)]
struct Cell<T> {
    content: T,
}

#[fanout::ws(path = "/cell")]
impl Cell<u32> {
    fn text(&mut self, message: &str) -> String {
        self.content += 1;
        format!("{message} {}", self.content)
    }
}

/// Functions that are called like nothing.
#[fanout::sse(channel = null, guard = none)]
fn quiet() {}

fn none(_: &RequestHead<'_>) -> Result<(), Answer> {
    Ok(())
}

fn null(_: &RequestHead<'_>) -> Channel {
    Channel::from_static("null")
}

#[fanout::main(Board, Cell::<u32>, quiet)]
fn main() {
    fn main() {}
    main();
}
