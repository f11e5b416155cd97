mod callbacks;
mod handshake;
mod messages;
mod state;

use http::{HeaderMap, Method};

use crate::grip::websocket::{DecodeError, Event, decode};

use crate::endpoint::RequestHead;

/// A Fanout request with these headers.
fn with_head<R>(headers: &[(&'static str, &str)], run: impl FnOnce(&RequestHead<'_>) -> R) -> R {
    let map: HeaderMap = headers
        .iter()
        .map(|(name, value)| (http::HeaderName::from_static(name), value.parse().unwrap()))
        .collect();
    run(&RequestHead::new(&Method::POST, "/chat", None, &map))
}

/// Events as lines, for tests.
fn shown(body: &[u8]) -> Vec<String> {
    let show = |event: Result<Event<'_>, DecodeError>| match event.unwrap() {
        Event::Close(content) => {
            let (code, reason) = content.split_first_chunk().unwrap_or((&[0, 0], b""));
            format!("close {} {}", u16::from_be_bytes(*code), reason.escape_ascii())
        }
        Event::Text(text) => format!("text {}", for_the_client(text)),
        Event::Binary(bytes) => format!("binary {}", for_the_client(bytes)),
        Event::Pong(content) => format!("pong {}", content.escape_ascii()),
        event => format!("{event:?}").to_lowercase(),
    };
    decode(body).map(show).collect()
}

fn for_the_client(message: &[u8]) -> String {
    message.strip_prefix(b"m:").expect("it is for the client").escape_ascii().to_string()
}
