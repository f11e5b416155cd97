use std::fmt;

use crate::grip::seconds::MAX_SECONDS;
use crate::grip::{InvalidChannel, Subscription};

use super::limits::{MAX_CONTROL, MAX_META, MAX_PING, MAX_REASON, MIN_INTERVAL};

/// The reason why a call cannot add to a [`Reply`](super::Reply). The reply stays as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidReply {
    /// A control message of this many bytes, more than [`MAX_CONTROL`].
    ControlTooLong(usize),
    /// An invalid channel name.
    ChannelName(InvalidChannel),
    /// More filters than [`Subscription::MAX_FILTERS`].
    TooManyFilters(usize),
    /// A ping or a pong of this many bytes, more than [`MAX_PING`].
    PingTooLong(usize),
    /// A close's reason of this many bytes, more than [`MAX_REASON`].
    ReasonTooLong(usize),
    /// A wait of this many seconds, not from 1 to [`KeepAlive::MAX_TIMEOUT`](super::KeepAlive::MAX_TIMEOUT).
    Timeout(u32),
    /// A keep-alive interval of this many seconds, less than [`Reply::MIN_INTERVAL`](super::Reply::MIN_INTERVAL).
    IntervalTooShort(u32),
    /// Subscription meta or a session id that begins with a byte order mark (U+FEFF), which the proxy would drop.
    ByteOrderMark,
    /// A name of subscription meta that is empty, or a name of connection meta that is no header name.
    MetaName,
    /// A value of connection meta that is empty, that begins or ends with a space, or that contains other characters than
    /// printable ASCII and spaces.
    MetaValue,
    /// The name `fanout-state` or `fanout-closed` of connection meta, which this library reserves.
    OwnName,
    /// Connection meta whose names and values have this many bytes together, more than [`Reply::MAX_META`](super::Reply::MAX_META).
    MetaTooLong(usize),
    /// A subprotocol that is no token.
    Subprotocol,
}

impl fmt::Display for InvalidReply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ControlTooLong(len) => {
                write!(f, "a control message has at most {MAX_CONTROL} bytes as JSON, this one has {len}")
            }
            Self::ChannelName(error) => error.fmt(f),
            Self::TooManyFilters(len) => {
                write!(f, "a subscription has at most {} filters, this one has {len}", Subscription::MAX_FILTERS)
            }
            Self::PingTooLong(len) => {
                write!(f, "a ping or a pong has at most {MAX_PING} bytes, this one has {len}")
            }
            Self::ReasonTooLong(len) => {
                write!(f, "the reason of a close has at most {MAX_REASON} bytes, this one has {len}")
            }
            Self::Timeout(seconds) => {
                write!(f, "the proxy waits from 1 to {MAX_SECONDS} seconds, not {seconds}")
            }
            Self::IntervalTooShort(seconds) => {
                write!(f, "a keep-alive interval is at least {MIN_INTERVAL} seconds, not {seconds}")
            }
            Self::ByteOrderMark => {
                f.write_str("meta and session ids cannot begin with a byte order mark (U+FEFF)")
            }
            Self::MetaName => f.write_str(
                "the name of meta is empty, or the name of connection meta is no header name: use letters, digits, `-` and `_`",
            ),
            Self::MetaValue => f.write_str(
                "the value of connection meta must be printable ASCII, not empty, without a space at either end: encode other values, and remove meta instead of emptying it",
            ),
            Self::OwnName => f.write_str(
                "this library reserves the connection meta `fanout-state` and `fanout-closed`: use another name",
            ),
            Self::MetaTooLong(len) => {
                write!(f, "all connection meta has at most {MAX_META} bytes with its names, this has {len}")
            }
            Self::Subprotocol => {
                f.write_str("a subprotocol is a token: letters, digits and some signs, no space or comma")
            }
        }
    }
}

impl std::error::Error for InvalidReply {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::ChannelName(reason) => Some(reason),
            _ => None,
        }
    }
}

impl From<InvalidChannel> for InvalidReply {
    fn from(error: InvalidChannel) -> Self {
        Self::ChannelName(error)
    }
}
