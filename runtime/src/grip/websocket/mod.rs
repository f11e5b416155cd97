//! WebSocket over HTTP: the events of a connection, several to a body.
//!
//! The proxy sends what a client did as one `POST` of events, and what the app answers goes back the same way. An event
//! is `TYPE SP length CRLF content CRLF`, with the length in hexadecimal digits, or `TYPE CRLF` without content.
//!
//! - [`decode`] reads a body. It borrows from it and allocates nothing.
//! - [`Reply`] writes the app's side: messages, control messages and the headers that go with them.
//! - [`encode`] writes events as they are: the proxy's side, for a test or a proxy of one's own.
//!
//! What holds, and is tested:
//!
//! - Content is any bytes, of any length. What is encoded decodes to the same events.
//! - A type is one or more printable ASCII characters and no space. One that this library does not know is an
//!   [`Unknown`], not an error.
//! - Every body decodes to events and at most one error behind them, which says at which byte. A prefix of a valid body
//!   decodes to the first of its events, and what is left over is [incomplete](DecodeError::is_incomplete) and never
//!   malformed.
//! - What a handler sends starts with `m:`, so no content becomes an instruction to the proxy; what starts with `c:` comes
//!   from the typed methods of [`Reply`] alone.
//!
//! ```
//! use fanout::grip::websocket::{Event, decode, encode};
//! use fanout::websocket::Reply;
//!
//! let body = encode([Event::Open, Event::Text(b"hello")]);
//! assert_eq!(body, b"OPEN\r\nTEXT 5\r\nhello\r\n");
//!
//! let mut reply = Reply::new();
//! for event in decode(&body) {
//!     match event? {
//!         Event::Open => reply.open(),
//!         Event::Text(text) => reply.text(String::from_utf8_lossy(text)),
//!         _ => {}
//!     }
//! }
//! assert_eq!(reply.into_bytes(), b"OPEN\r\nTEXT 7\r\nm:hello\r\n");
//! # Ok::<(), fanout::grip::websocket::DecodeError>(())
//! ```

pub(crate) mod close;
pub(crate) mod control;
mod decode;
mod encode;
mod event;
pub(crate) mod invalid;
mod meta;
pub(crate) mod reply;
#[cfg(test)]
mod tests;

pub(crate) use close::{Close, CloseCode, InvalidClose, InvalidCloseCode, MAX_REASON};
pub(crate) use control::{Frame, KeepAlive};
pub use decode::{DecodeError, Events, decode};
pub use encode::encode;
pub use event::{Event, InvalidKind, Unknown};
pub(crate) use invalid::InvalidReply;
pub(crate) use meta::{META_CLOSED, STATE};
pub(crate) use reply::Reply;

/// The content type of events. The proxy sends it byte for byte; a client that writes it any other way is
/// passed through, so nothing but an exact match may count.
pub const CONTENT_TYPE: &str = "application/websocket-events";

/// The most bytes of a control message. The proxy drops a longer one, which would be two frames.
pub const MAX_CONTROL: usize = 16_384;

/// The most bytes of an answer's body. The proxy cuts the connection at a longer one.
pub const MAX_ANSWER: usize = 1_000_000;

/// The limit, in bytes, of the body of an answer that refuses a WebSocket. The proxy passes on the first of a longer one and
/// drops the rest, so a line in the log says both numbers.
///
/// Pushpin has it as `REJECT_BODY_MAX` in `src/proxy/websocketoverhttp.cpp`. Tried with 1.36 and 1.41.
pub const MAX_REFUSAL: usize = 100_000;

/// The most bytes of a ping or a pong, which the WebSocket protocol sets.
pub const MAX_PING: usize = 125;
