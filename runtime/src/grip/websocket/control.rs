use base64ct::{Base64, Encoding};
use serde::{Serialize, Serializer};

use crate::grip::seconds::MAX_SECONDS;
use crate::grip::{BYTE_ORDER_MARK, Filter};

use super::encode::write;
use super::{InvalidReply, MAX_CONTROL, MAX_PING};

/// The prefix that makes a text message a control message.
const PREFIX: &[u8; 2] = b"c:";

/// A control message for the proxy, which travels as JSON after `c:`.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub(super) enum Control<'a> {
    Subscribe {
        channel: &'a str,
        #[serde(skip_serializing_if = "<[_]>::is_empty")]
        filters: &'a [Filter],
    },
    Unsubscribe {
        channel: &'a str,
    },
    Detach,
    Session {
        id: &'a str,
    },
    SetMeta {
        name: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        value: Option<&'a str>,
    },
    /// Turns the keep-alive off if it has no content.
    KeepAlive {
        #[serde(skip_serializing_if = "Option::is_none")]
        content: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        content_bin: Option<InBase64<'a>>,
        #[serde(skip_serializing_if = "Option::is_none")]
        message_type: Option<&'static str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        timeout: Option<u32>,
        #[serde(skip_serializing_if = "Option::is_none")]
        mode: Option<&'static str>,
    },
    SendDelayed {
        #[serde(skip_serializing_if = "Option::is_none")]
        content: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        content_bin: Option<InBase64<'a>>,
        message_type: &'static str,
        timeout: u32,
    },
    FlushDelayed,
}

impl Control<'_> {
    /// Appends the message to `body`, or appends nothing if it is too long.
    pub(super) fn write(&self, body: &mut Vec<u8>) -> Result<(), InvalidReply> {
        // The length stands before the content, so the content is written first.
        let json = serde_json::to_vec(self).expect("a control message is strings and numbers");
        let len = PREFIX.len() + json.len();
        if len > MAX_CONTROL {
            return Err(InvalidReply::ControlTooLong(len));
        }
        write(body, b"TEXT ", PREFIX, &json);
        Ok(())
    }
}

/// Bytes that become base64 as they are written.
pub(super) struct InBase64<'a>(&'a [u8]);

impl std::fmt::Display for InBase64<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut encoded = [0; 64];
        // 48 bytes become 64 characters, so padding comes at the end alone.
        self.0.chunks(48).try_for_each(|chunk| {
            f.write_str(Base64::encode(chunk, &mut encoded).expect("64 characters hold 48 bytes"))
        })
    }
}

impl Serialize for InBase64<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A frame that the proxy sends to the client by itself: as a keep-alive or as a delayed message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Frame<'a> {
    /// A text message.
    Text(&'a str),
    /// A binary message.
    Binary(&'a [u8]),
    /// A ping: at most [`MAX_PING`](super::MAX_PING) bytes.
    Ping(&'a [u8]),
    /// A pong: at most [`MAX_PING`](super::MAX_PING) bytes.
    Pong(&'a [u8]),
}

/// A frame as the fields of a control message.
pub(super) struct Fields<'a> {
    pub content: Option<&'a str>,
    pub content_bin: Option<InBase64<'a>>,
    pub message_type: &'static str,
}

impl<'a> Frame<'a> {
    pub(super) fn fields(self) -> Result<Fields<'a>, InvalidReply> {
        let (bytes, message_type) = match self {
            // The proxy cuts a byte order mark off the start of a text.
            Self::Text(text) if text.starts_with(BYTE_ORDER_MARK) => (text.as_bytes(), "text"),
            Self::Text(text) => {
                return Ok(Fields { content: Some(text), content_bin: None, message_type: "text" });
            }
            Self::Binary(bytes) => (bytes, "binary"),
            Self::Ping(bytes) => (fits_a_ping(bytes)?, "ping"),
            Self::Pong(bytes) => (fits_a_ping(bytes)?, "pong"),
        };
        // An empty `content-bin` could be taken for none.
        let (content, content_bin) =
            if bytes.is_empty() { (Some(""), None) } else { (None, Some(InBase64(bytes))) };
        Ok(Fields { content, content_bin, message_type })
    }
}

/// A frame that keeps the connection alive, and the time after which the proxy sends it.
///
/// ```
/// use fanout::websocket::{Frame, KeepAlive, Reply};
///
/// let mut reply = Reply::new();
/// reply.keep_alive(KeepAlive::idle(Frame::Ping(b""), 30))?;
/// # Ok::<(), fanout::websocket::InvalidReply>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct KeepAlive<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) seconds: u32,
    pub(super) mode: &'static str,
}

impl<'a> KeepAlive<'a> {
    /// The longest time, in seconds. It is [`Hold::MAX_SECONDS`](crate::grip::Hold::MAX_SECONDS).
    pub const MAX_TIMEOUT: u32 = MAX_SECONDS;

    /// Makes a keep-alive that sends the frame after each time of so many quiet seconds.
    pub const fn idle(frame: Frame<'a>, seconds: u32) -> Self {
        Self { frame, seconds, mode: "idle" }
    }

    /// Makes a keep-alive that sends the frame every so many seconds, on a busy connection too.
    pub const fn interval(frame: Frame<'a>, seconds: u32) -> Self {
        Self { frame, seconds, mode: "interval" }
    }
}

pub(super) fn fits_a_ping(content: &[u8]) -> Result<&[u8], InvalidReply> {
    if content.len() > MAX_PING { Err(InvalidReply::PingTooLong(content.len())) } else { Ok(content) }
}
