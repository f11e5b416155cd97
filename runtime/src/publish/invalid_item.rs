use std::fmt;

use http::{HeaderName, StatusCode};

use crate::grip::InvalidChannel;
use crate::grip::websocket::{MAX_PING, MAX_REASON};

/// The reason why an [`Item`](super::Item) cannot be published. No item was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidItem {
    /// The name of the channel, which was made from an endpoint's path, is invalid.
    ChannelName(InvalidChannel),
    /// The message has no format, so no client would get it.
    NoFormat,
    /// The `id` or the `prev_id` is empty.
    EmptyId,
    /// An id or meta begins with a byte order mark (U+FEFF), which the proxy would drop.
    ByteOrderMark,
    /// The content of a format is over the limit of this proxy, which would silently drop it.
    ContentTooLarge {
        /// The name of the format in the protocol.
        format: &'static str,
        /// The size, in bytes.
        len: usize,
        /// The limit, in bytes.
        limit: usize,
    },
    /// The item as JSON, with all its formats, is over the limit of a request to this proxy.
    ItemTooLarge {
        /// The size, in bytes.
        len: usize,
        /// The limit, in bytes.
        limit: usize,
    },
    /// A ping or a pong has this many bytes, more than [`WsMessage::MAX_PING`](super::WsMessage::MAX_PING).
    PingTooLong {
        /// `ping` or `pong`.
        kind: &'static str,
        /// The size, in bytes.
        len: usize,
    },
    /// The reason of a close has this many bytes, more than 123.
    ReasonTooLong(usize),
    /// A response has a status below 200, so the client would go on waiting.
    Status(StatusCode),
    /// The reason phrase of a response has a control character.
    Reason,
    /// The value of a response's header is not UTF-8.
    Header(HeaderName),
}

impl fmt::Display for InvalidItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ChannelName(reason) => reason.fmt(f),
            Self::NoFormat => {
                f.write_str("the message has no format: make it with `Message::text`, or set a format")
            }
            Self::EmptyId => f.write_str("an id cannot be empty: leave it out"),
            Self::ByteOrderMark => f.write_str(
                "ids and meta cannot begin with a byte order mark (U+FEFF): the proxy would drop it",
            ),
            Self::ContentTooLarge { format, len, limit } => write!(
                f,
                "its {format} has {len} bytes, and the proxy drops content over {limit} bytes: publish less, or a \
                link to it"
            ),
            Self::ItemTooLarge { len, limit } => write!(
                f,
                "it has {len} bytes as JSON with all its formats, and the limit of a request is {limit}: publish less, \
                leave formats out, or raise the limit with `max_request` and in the proxy"
            ),
            Self::PingTooLong { kind, len } => {
                write!(f, "a {kind} has at most {} bytes, this one has {len}", MAX_PING)
            }
            Self::ReasonTooLong(len) => {
                write!(f, "the reason of a close has at most {MAX_REASON} bytes, this one has {len}")
            }
            Self::Status(status) => {
                write!(f, "a client goes on waiting after status {}: use 200 or more", status.as_u16())
            }
            Self::Reason => f.write_str("a reason phrase cannot contain control characters"),
            Self::Header(name) => write!(f, "the value of the header `{name}` is not UTF-8"),
        }
    }
}

impl std::error::Error for InvalidItem {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::ChannelName(reason) => Some(reason),
            _ => None,
        }
    }
}
