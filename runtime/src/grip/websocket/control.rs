use base64ct::{Base64, Encoding};
use serde::{Serialize, Serializer};

use crate::grip::{BYTE_ORDER_MARK, Filter, Hold};

use super::encode::hex_digit;
use super::reply::fits_a_ping;
use super::{InvalidReply, MAX_CONTROL};

/// What the proxy is told about a connection, as the JSON behind `c:`.
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
    /// Without content: off.
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
    /// Writes the message behind what is in `body`, or nothing.
    ///
    /// Its length stands before it and is not known before it is written. Nearly every control message has 16 to 255
    /// bytes, whose length has two digits: so room is left for two, and only a longer message is moved once. To count
    /// first would serialise every message twice.
    pub(super) fn write(&self, body: &mut Vec<u8>) -> Result<(), InvalidReply> {
        let start = body.len();
        body.extend_from_slice(b"TEXT ");
        let digits_at = body.len();
        body.extend_from_slice(b"00\r\n");
        let content_at = body.len();
        body.extend_from_slice(b"c:");
        serde_json::to_writer(&mut *body, self).expect("a control message is strings and numbers");
        let len = body.len() - content_at;
        if len > MAX_CONTROL {
            body.truncate(start);
            return Err(InvalidReply::ControlTooLong(len));
        }
        // `{"type":"…"}` alone has more than 16 bytes.
        let digits = match len {
            0x10..=0xff => 2,
            ..=0xfff => 3,
            _ => 4,
        };
        if digits > 2 {
            let end = body.len();
            body.resize(end + digits - 2, 0);
            body.copy_within(digits_at + 2..end, digits_at + digits);
        }
        for (digit, byte) in body[digits_at..digits_at + digits].iter_mut().rev().enumerate() {
            *byte = hex_digit(len >> (4 * digit));
        }
        body.extend_from_slice(b"\r\n");
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

/// What the proxy sends to the client by itself: the content of a keep-alive or of a delayed message.
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

/// What the proxy sends to the client so that the connection does not fall asleep, and when.
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
    /// The longest wait, in seconds: that of all times that the proxy is given.
    pub const MAX_TIMEOUT: u32 = Hold::MAX_SECONDS;

    /// A frame after each time of so many seconds in which nothing was sent to the client.
    pub const fn idle(frame: Frame<'a>, seconds: u32) -> Self {
        Self { frame, seconds, mode: "idle" }
    }

    /// A frame every so many seconds, whatever else is sent.
    pub const fn interval(frame: Frame<'a>, seconds: u32) -> Self {
        Self { frame, seconds, mode: "interval" }
    }
}
