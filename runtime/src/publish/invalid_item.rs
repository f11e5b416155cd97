use std::fmt;

use http::{HeaderName, StatusCode};

use crate::grip::InvalidChannel;
use crate::grip::websocket::{MAX_PING, MAX_REASON};

/// Why an [`Item`](super::Item) cannot be published. Nothing has been sent then.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidItem {
    /// The channel, which an endpoint's path made, is none that anybody can be subscribed to.
    Channel(InvalidChannel),
    /// The message has no format, so it is for nobody.
    NoFormat,
    /// The `id` or the `prev_id` is empty.
    EmptyId,
    /// An id or meta begins with a byte order mark (U+FEFF), which the proxy would drop.
    ByteOrderMark,
    /// The content of a format has too many bytes for this proxy, which would drop it without a word.
    ContentTooLarge {
        /// The name of the format in the protocol.
        format: &'static str,
        /// How many bytes it has.
        len: usize,
        /// How many it may have.
        limit: usize,
    },
    /// The item as JSON, with all its formats, has too many bytes for one request to this proxy.
    ItemTooLarge {
        /// How many bytes it has.
        len: usize,
        /// How many it may have.
        limit: usize,
    },
    /// A ping or a pong has this many bytes, more than [`WsMessage::MAX_PING`](super::WsMessage::MAX_PING).
    PingTooLong {
        /// `ping` or `pong`.
        kind: &'static str,
        /// How many bytes it has.
        len: usize,
    },
    /// The reason of a closing has this many bytes, more than 123.
    ReasonTooLong(usize),
    /// A response has a status below 200, which is none that a client takes for an answer.
    Status(StatusCode),
    /// The reason phrase of a response has a control character.
    Reason,
    /// The value of a response's header is not UTF-8.
    Header(HeaderName),
}

impl fmt::Display for InvalidItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Channel(reason) => reason.fmt(f),
            Self::NoFormat => {
                f.write_str("the message has no format: make it with `Message::text` or give one")
            }
            Self::EmptyId => f.write_str("an id cannot be empty: leave it out"),
            Self::ByteOrderMark => f.write_str(
                "ids and meta cannot begin with a byte order mark (U+FEFF): the proxy would drop it",
            ),
            Self::ContentTooLarge { format, len, limit } => write!(
                f,
                "its {format} has {len} bytes, and the proxy drops what has more than {limit}: publish less, or a \
                 link to it"
            ),
            Self::ItemTooLarge { len, limit } => write!(
                f,
                "it has {len} bytes as JSON with all its formats, and a request may have {limit}: publish less, \
                 leave formats out, or raise the limit here and in the proxy"
            ),
            Self::PingTooLong { kind, len } => {
                write!(f, "a {kind} has at most {} bytes, this one has {len}", MAX_PING)
            }
            Self::ReasonTooLong(len) => {
                write!(f, "the reason of a closing has at most {MAX_REASON} bytes, this one has {len}")
            }
            Self::Status(status) => {
                write!(f, "a status of {} is no answer, and the client would go on waiting", status.as_u16())
            }
            Self::Reason => f.write_str("a reason phrase cannot contain control characters"),
            Self::Header(name) => write!(f, "the value of the header `{name}` is not UTF-8"),
        }
    }
}

impl std::error::Error for InvalidItem {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Channel(reason) => Some(reason),
            _ => None,
        }
    }
}
