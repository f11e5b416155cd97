//! The proxy's limits for the bodies of answers, counted in what is sent.

use std::fmt;

use http::StatusCode;
use memchr::memmem;

use super::header_form::{GRIP_CHANNEL, GRIP_HOLD, GRIP_LINK};
use super::json_form::INSTRUCT;
use crate::Answer;
use crate::grip::{Filter, Hold, Mode, websocket};

/// An instruction over [`Hold::MAX_INSTRUCTION`], which the proxy answers with a 502.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooLarge {
    len: usize,
    form: Form,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Json,
    Poll,
    Filtered,
}

impl Answer {
    /// Checks an instruction as it is sent, after all that changes it. Any other answer has no limit.
    pub(crate) fn check_len(&self) -> Result<(), TooLarge> {
        let len = self.body.len();
        if len <= Hold::MAX_INSTRUCTION {
            return Ok(());
        }
        self.limited_form().map_or(Ok(()), |form| Err(TooLarge { len, form }))
    }

    /// The form of an instruction whose body the proxy reads whole, as Pushpin decides it in `tryResponseRead`.
    fn limited_form(&self) -> Option<Form> {
        let media_type =
            self.header("content-type").and_then(|value| value.as_bytes().split(|&byte| byte == b';').next());
        if media_type == Some(INSTRUCT.as_bytes()) {
            return Some(Form::Json);
        }
        if !self.headers.iter().any(|(name, _)| name.as_str().starts_with("grip-")) {
            return None;
        }
        let is_stream = match self.header(GRIP_HOLD.as_str()) {
            Some(mode) => mode == Mode::Stream.as_str(),
            None => self.values(GRIP_LINK.as_str()).any(|links| memmem::find(links, b"rel=next").is_some()),
        };
        match is_stream {
            false => Some(Form::Poll),
            true if self.values(GRIP_CHANNEL.as_str()).any(builds_ids) => Some(Form::Filtered),
            true => None,
        }
    }

    fn values(&self, name: &str) -> impl Iterator<Item = &[u8]> {
        self.headers.iter().filter(move |(this, _)| this == name).map(|(_, value)| value.as_bytes())
    }

    /// The bytes that a client does not get of this answer to an opening WebSocket: the proxy passes on the first
    /// [`MAX_REFUSAL`](websocket::MAX_REFUSAL) of a refusal.
    pub(crate) fn cut_off(&self) -> usize {
        let opens = self.status == StatusCode::OK
            && self.header("content-type").is_some_and(|value| value == websocket::CONTENT_TYPE);
        if opens { 0 } else { self.body.len().saturating_sub(websocket::MAX_REFUSAL) }
    }
}

/// Whether one of the channels has the filter. A name, and an id in quotes, may have the same text in it.
fn builds_ids(channels: &[u8]) -> bool {
    let text = String::from_utf8_lossy(channels).replace(r"\\", "").replace(r#"\""#, "");
    let unquoted: String = text.split('"').step_by(2).collect();
    let is_filter =
        |parameter: &str| parameter.trim().strip_prefix("filter=") == Some(Filter::BuildId.as_str());
    unquoted.split(',').any(|channel| channel.split(';').skip(1).any(is_filter))
}

impl fmt::Display for TooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { len, form } = self;
        let (what, help) = match form {
            Form::Json => (
                "the JSON of a hold whose channels or meta do not fit into headers",
                "return less, or use channels and meta that fit into headers, where a stream has no limit",
            ),
            Form::Poll => (
                "the body of a long poll",
                "return less, or answer at once with `Poll::Now`, which has no limit",
            ),
            Form::Filtered => {
                ("the start of a stream with the filter `build-id`", "return less, or leave the filter out")
            }
        };
        write!(f, "{what} has {len} bytes, and the proxy's limit is {}: {help}", Hold::MAX_INSTRUCTION)
    }
}
