//! WebSocket over HTTP: the events of a connection, several to a body.
//!
//! The proxy sends the events of a client in one `POST`, and the app answers with events. An event is
//! `TYPE SP length CRLF content CRLF`, with the length in hexadecimal digits, or `TYPE CRLF` without content.
//!
//! - [`decode`] reads a body. It borrows from the body and allocates nothing.
//! - [`Reply`] writes the app's side: messages, control messages and the headers that go with them.
//! - [`encode`] writes events as the proxy does, for a test or a proxy of your own.
//!
//! Tests show that:
//!
//! - Content may be any bytes, of any length. Encoded events decode to the same events.
//! - A type is one or more printable ASCII characters without a space. A type that this library does not know is an
//!   [`Unknown`], not an error.
//! - Every body decodes to events and at most one error after them, which has the offset of the byte. A prefix of a valid
//!   body decodes to the first events, and its error is [incomplete](DecodeError::is_incomplete), never malformed.
//! - Messages of a handler start with `m:`, so no content becomes an instruction to the proxy. Only the typed methods of
//!   [`Reply`] write the prefix `c:`.
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
pub(crate) mod invalid_reply;
pub(crate) mod limits;
mod meta;
mod or_closed;
pub(crate) mod reply;
#[cfg(test)]
mod tests;

pub(crate) use close::{Close, CloseCode, InvalidClose, InvalidCloseCode};
pub(crate) use control::{Frame, KeepAlive};
pub use decode::{DecodeError, Events, decode};
pub use encode::encode;
pub use event::{Event, InvalidKind, Unknown};
pub(crate) use invalid_reply::InvalidReply;
pub use limits::{MAX_CONTROL, MAX_PING, MAX_REASON, MAX_REFUSAL, MAX_REPLY};
pub(crate) use meta::{META_CLOSED, STATE};
pub(crate) use reply::Reply;

/// The content type of events. The proxy sends exactly these bytes, and passes on a client's content type in any other
/// spelling, so only an exact match counts.
pub const CONTENT_TYPE: &str = "application/websocket-events";
