use std::fmt;

use base64ct::{Base64, Encoding as _};

use crate::grip::as_text;

/// The content of one format: text, or any bytes.
///
/// It travels in JSON: as text, or as base64 if it is not UTF-8 or begins with a byte order mark. The client gets the same
/// bytes in both cases.
#[derive(Clone, PartialEq, Eq)]
pub enum Content {
    /// Text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
}

impl Content {
    /// Returns the bytes.
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Bytes(bytes) => bytes,
        }
    }

    /// Returns the content as one server-sent event. Bytes are split into lines as text is, and need not be UTF-8.
    pub(super) fn framed(&self) -> Self {
        match self {
            Self::Text(text) => Self::Text(
                String::from_utf8(frame(text.as_bytes())).expect("text is cut at ASCII characters"),
            ),
            Self::Bytes(bytes) => Self::Bytes(frame(bytes)),
        }
    }

    /// Returns the values of a pair of fields such as `content` and `content-bin`.
    pub(super) fn as_json(&self) -> (Option<&str>, Option<String>) {
        match as_text(self.as_bytes()) {
            Some(text) => (Some(text), None),
            None => (None, Some(Base64::encode_string(self.as_bytes()))),
        }
    }
}

fn frame(content: &[u8]) -> Vec<u8> {
    let mut frame = Vec::with_capacity(content.len() + 16);
    let mut rest = content;
    loop {
        let end = memchr::memchr2(b'\r', b'\n', rest).unwrap_or(rest.len());
        frame.extend_from_slice(b"data: ");
        frame.extend_from_slice(&rest[..end]);
        frame.push(b'\n');
        match &rest[end..] {
            [] => break,
            [b'\r', b'\n', after @ ..] | [_, after @ ..] => rest = after,
        }
    }
    frame.push(b'\n');
    frame
}

impl From<&str> for Content {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Content {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&[u8]> for Content {
    fn from(bytes: &[u8]) -> Self {
        Self::Bytes(bytes.to_owned())
    }
}

impl<const N: usize> From<&[u8; N]> for Content {
    fn from(bytes: &[u8; N]) -> Self {
        Self::Bytes(bytes.to_vec())
    }
}

impl From<Vec<u8>> for Content {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => text.fmt(f),
            Self::Bytes(bytes) => write!(f, "b\"{}\"", bytes.escape_ascii()),
        }
    }
}
