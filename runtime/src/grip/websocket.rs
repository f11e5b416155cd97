//! WebSocket over HTTP: the events of a connection, several to a body.
//!
//! The proxy sends what a client did as one `POST` of events, and what the app answers goes back the same way.
//! An event is `TYPE SP hexlength CRLF content CRLF`, or `TYPE CRLF` without content.

use std::fmt;

use memchr::memmem;
use serde::Serialize;

use super::Channel;

/// The content type of events. The proxy sends it byte for byte; a client that writes it any other way is
/// passed through, so nothing but an exact match may count.
pub const CONTENT_TYPE: &str = "application/websocket-events";

/// One event of a connection, borrowed from the body it came in.
///
/// The proxy does not promise that text is UTF-8: it is the client's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event<'a> {
    /// The connection opens. The answer must begin with an `OPEN`.
    Open,
    /// A text message.
    Text(&'a [u8]),
    /// A binary message.
    Binary(&'a [u8]),
    /// A ping, to be answered by a pong with the same content.
    Ping(&'a [u8]),
    /// A pong.
    Pong(&'a [u8]),
    /// The client closes: nothing, or a big-endian code and a reason. To be answered by the same.
    Close(&'a [u8]),
    /// The client is gone.
    Disconnect,
    /// A type this library does not know. Skip it.
    Unknown,
}

/// The events of a body, in order. See [`decode`].
#[derive(Clone, Debug)]
pub struct Events<'a> {
    body: &'a [u8],
    offset: usize,
}

/// Reads the events of a body. Nothing is copied; after an error there are no more events.
///
/// ```
/// use fanout::grip::websocket::{Event, decode};
///
/// let events: Result<Vec<_>, _> = decode(b"OPEN\r\nTEXT 5\r\nhello\r\n").collect();
/// assert_eq!(events?, [Event::Open, Event::Text(b"hello")]);
/// # Ok::<(), fanout::grip::websocket::DecodeError>(())
/// ```
pub fn decode(body: &[u8]) -> Events<'_> {
    Events { body, offset: 0 }
}

impl<'a> Events<'a> {
    fn read(&mut self) -> Result<Event<'a>, DecodeError> {
        let start = self.offset;
        let rest = &self.body[start..];
        let fail = |at, problem| Err(DecodeError { offset: at, problem });

        let Some(end) = memmem::find(rest, b"\r\n") else {
            return fail(start, "an event's first line does not end");
        };
        let line = &rest[..end];
        let body_start = start + end + 2;
        let Some(space) = line.iter().position(|&byte| byte == b' ') else {
            self.offset = body_start;
            return Ok(Event::new(line, b""));
        };
        let Some(length) = hex(&line[space + 1..]) else {
            return fail(start + space + 1, "an event's length is not a hexadecimal number");
        };
        // `None` where the length is past the end of the body, or past the end of what can be counted.
        let content = body_start.checked_add(length).and_then(|end| self.body.get(body_start..end));
        let Some(content) = content else {
            return fail(body_start, "an event's content is shorter than its length");
        };
        let end = body_start + length;
        if self.body.get(end..end + 2) != Some(b"\r\n") {
            return fail(end, "an event's content does not end after its length");
        }
        self.offset = end + 2;
        Ok(Event::new(&line[..space], content))
    }
}

impl<'a> Iterator for Events<'a> {
    type Item = Result<Event<'a>, DecodeError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.offset == self.body.len() {
            return None;
        }
        let event = self.read();
        if event.is_err() {
            self.offset = self.body.len();
        }
        Some(event)
    }
}

/// A length: one to eight digits, so that it cannot overflow and no sign or space is let through.
fn hex(digits: &[u8]) -> Option<usize> {
    if digits.is_empty() || digits.len() > 8 {
        return None;
    }
    digits.iter().try_fold(0, |length, &digit| Some(length << 4 | char::from(digit).to_digit(16)? as usize))
}

impl<'a> Event<'a> {
    fn new(kind: &[u8], content: &'a [u8]) -> Self {
        match kind {
            b"OPEN" => Self::Open,
            b"TEXT" => Self::Text(content),
            b"BINARY" => Self::Binary(content),
            b"PING" => Self::Ping(content),
            b"PONG" => Self::Pong(content),
            b"CLOSE" => Self::Close(content),
            b"DISCONNECT" => Self::Disconnect,
            _ => Self::Unknown,
        }
    }
}

/// Why a body is not a list of events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecodeError {
    offset: usize,
    problem: &'static str,
}

impl DecodeError {
    /// Where in the body, in bytes from its start.
    pub fn offset(&self) -> usize {
        self.offset
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (at byte {})", self.problem, self.offset)
    }
}

impl std::error::Error for DecodeError {}

/// What the app sends back: the events of one answer.
///
/// The proxy tells what is for the client from what is for itself by a prefix of the message, and the prefix is
/// written here and nowhere else: what a handler sends always starts with `m:`, so no message, and no echo of
/// what a client typed, can become an instruction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reply {
    body: Vec<u8>,
}

impl Reply {
    /// No events yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Accepts the connection. This is the first event of the first answer.
    pub fn open(&mut self) {
        self.event("OPEN", &[]);
    }

    /// Sends a text message. What is not UTF-8 goes out as it is.
    pub fn text(&mut self, text: impl AsRef<[u8]>) {
        self.event("TEXT", &[b"m:", text.as_ref()]);
    }

    /// Sends a binary message.
    pub fn binary(&mut self, bytes: impl AsRef<[u8]>) {
        self.event("BINARY", &[b"m:", bytes.as_ref()]);
    }

    /// Answers a ping with the ping's content.
    pub fn pong(&mut self, content: &[u8]) {
        self.event("PONG", &[content]);
    }

    /// Subscribes the connection to a channel.
    pub fn subscribe(&mut self, channel: &Channel) {
        self.control(&Control::Subscribe { channel: channel.as_str() });
    }

    /// Answers a close with the close's content, so that the client sees a clean end.
    pub fn close(&mut self, content: &[u8]) {
        let parts: &[&[u8]] = if content.is_empty() { &[] } else { &[content] };
        self.event("CLOSE", parts);
    }

    /// Sends what another reply sends, after this one's events.
    pub fn append(&mut self, other: Self) {
        self.body.extend_from_slice(&other.body);
    }

    /// The events' bytes.
    pub fn into_bytes(self) -> Vec<u8> {
        self.body
    }

    fn control(&mut self, control: &Control<'_>) {
        let json = serde_json::to_vec(control).expect("a control message is strings only");
        self.event("TEXT", &[b"c:", &json]);
    }

    fn event(&mut self, kind: &str, parts: &[&[u8]]) {
        self.body.extend_from_slice(kind.as_bytes());
        if !parts.is_empty() {
            let length: usize = parts.iter().map(|part| part.len()).sum();
            self.body.extend_from_slice(format!(" {length:x}\r\n").as_bytes());
            for part in parts {
                self.body.extend_from_slice(part);
            }
        }
        self.body.extend_from_slice(b"\r\n");
    }
}

/// What the proxy is told about a connection.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
enum Control<'a> {
    Subscribe { channel: &'a str },
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn all(body: &[u8]) -> Result<Vec<Event<'_>>, DecodeError> {
        decode(body).collect()
    }

    #[test]
    fn reads_each_type() {
        let body = b"OPEN\r\nTEXT 0\r\n\r\nBINARY A\r\n0\r\n3456789\r\nPING\r\nPONG 1\r\nx\r\nCLOSE 2\r\n\x03\xe8\r\nNEWS 1\r\nn\r\nDISCONNECT\r\n";
        assert_eq!(
            all(body).unwrap(),
            [
                Event::Open,
                Event::Text(b""),
                Event::Binary(b"0\r\n3456789"),
                Event::Ping(b""),
                Event::Pong(b"x"),
                Event::Close(b"\x03\xe8"),
                Event::Unknown,
                Event::Disconnect,
            ]
        );
    }

    #[test]
    fn an_error_says_where() {
        let at = |body: &[u8]| all(body).unwrap_err().offset();
        assert_eq!(at(b"OPEN"), 0);
        assert_eq!(at(b"OPEN\r\nTEXT x\r\n"), 11);
        assert_eq!(at(b"TEXT \r\n"), 5);
        assert_eq!(at(b"TEXT +1\r\na\r\n"), 5);
        assert_eq!(at(b"TEXT 100000001\r\na\r\n"), 5);
        assert_eq!(at(b"TEXT ffffffff\r\na\r\n"), 15);
        assert_eq!(at(b"TEXT 2\r\na"), 8);
        assert_eq!(at(b"TEXT 1\r\nab\r\n"), 9);
        assert_eq!(
            all(b"TEXT 2\r\na").unwrap_err().to_string(),
            "an event's content is shorter than its length (at byte 8)"
        );
    }

    #[test]
    fn a_message_that_looks_like_an_instruction_is_a_message() {
        let mut reply = Reply::new();
        reply.text(r#"c:{"type":"subscribe","channel":"secret"}"#);
        let body = reply.into_bytes();
        assert_eq!(all(&body).unwrap(), [Event::Text(br#"m:c:{"type":"subscribe","channel":"secret"}"#)]);
    }

    #[test]
    fn a_channel_cannot_leave_its_json_string() {
        let mut reply = Reply::new();
        reply.subscribe(&Channel::new("a\",\"type\":\"detach\r\n").unwrap());
        let body = reply.into_bytes();
        let Event::Text(text) = all(&body).unwrap()[0] else { panic!("not a text") };
        let json: serde_json::Value = serde_json::from_slice(&text[2..]).unwrap();
        assert_eq!(json, serde_json::json!({ "type": "subscribe", "channel": "a\",\"type\":\"detach\r\n" }));
    }

    #[test]
    fn the_longest_channel_fits_a_control_message() {
        let mut reply = Reply::new();
        reply.subscribe(&Channel::new("\u{1}".repeat(Channel::MAX_LEN)).unwrap());
        assert!(reply.into_bytes().len() < 16_384);
    }

    proptest! {
        #[test]
        fn any_message_comes_out_as_it_went_in(texts in prop::collection::vec(any::<Vec<u8>>(), 0..8)) {
            let mut reply = Reply::new();
            for text in &texts {
                reply.text(text);
                reply.binary(text);
            }
            let body = reply.into_bytes();
            let expected: Vec<Vec<u8>> = texts.iter().map(|text| [b"m:", &text[..]].concat()).collect();
            let expected: Vec<_> = expected.iter().flat_map(|text| [Event::Text(text), Event::Binary(text)]).collect();
            prop_assert_eq!(all(&body).unwrap(), expected);
        }

        #[test]
        fn any_bytes_are_events_or_an_error_inside(body in any::<Vec<u8>>()) {
            if let Err(error) = all(&body) {
                prop_assert!(error.offset() <= body.len());
            }
        }
    }
}
