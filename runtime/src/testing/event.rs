use std::time::Duration;

use serde::de::DeserializeOwned;

use super::story::quoted;

/// A server-sent event, as an `EventSource` gets it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Event {
    kind: String,
    data: String,
    id: Option<String>,
    retry: Option<Duration>,
}

impl Event {
    /// The type: `message` unless the event names one.
    pub fn event(&self) -> &str {
        if self.kind.is_empty() { "message" } else { &self.kind }
    }

    /// The data, with `\n` between its lines.
    pub fn data(&self) -> &str {
        &self.data
    }

    /// The id, if this event has one.
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// The time after which the client reconnects, if this event sets it.
    pub fn retry(&self) -> Option<Duration> {
        self.retry
    }

    /// The data, read as JSON.
    ///
    /// # Panics
    ///
    /// If it is not the JSON of this type.
    #[track_caller]
    pub fn json<T: DeserializeOwned>(&self) -> T {
        match serde_json::from_str(&self.data) {
            Ok(value) => value,
            Err(error) => {
                panic!("the data is not the expected JSON: {error}: {}", quoted(self.data.as_bytes()))
            }
        }
    }
}

/// A block of an event stream: an event, or a comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Block {
    Event(Event),
    Comment {
        text: String,
        id: Option<String>,
    },
    /// A block that an `EventSource` does not dispatch, such as one with an id alone.
    Silent {
        id: Option<String>,
    },
}

/// Reads a stream as the HTML standard says.
#[derive(Debug, Default)]
pub(super) struct Parser {
    rest: Vec<u8>,
    is_begun: bool,
}

impl Parser {
    /// Adds bytes of the stream.
    pub(super) fn add(&mut self, bytes: &[u8]) {
        let bytes =
            if self.is_begun { bytes } else { bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes) };
        self.is_begun = true;
        self.rest.extend_from_slice(bytes);
    }

    /// The bytes that are no block yet.
    pub(super) fn rest(&self) -> &[u8] {
        &self.rest
    }

    /// Takes the bytes that are no block yet.
    pub(super) fn take_rest(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.rest)
    }

    /// The next whole block.
    pub(super) fn next(&mut self) -> Option<Block> {
        let mut lines = Vec::new();
        let mut at = 0;
        loop {
            let end = at + self.rest[at..].iter().position(|byte| matches!(byte, b'\r' | b'\n'))?;
            let line = String::from_utf8_lossy(&self.rest[at..end]).into_owned();
            at = if self.rest[end..].starts_with(b"\r\n") { end + 2 } else { end + 1 };
            if line.is_empty() {
                break;
            }
            lines.push(line);
        }
        self.rest.drain(..at);
        Some(block(&lines))
    }
}

fn block(lines: &[String]) -> Block {
    let mut event = Event::default();
    let (mut data, mut comments) = (Vec::new(), Vec::new());
    for line in lines {
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "" => comments.push(value),
            "event" => event.kind = value.to_owned(),
            "data" => data.push(value),
            "id" if !value.contains('\0') => event.id = Some(value.to_owned()),
            "retry" => event.retry = value.parse().ok().map(Duration::from_millis),
            _ => {}
        }
    }
    if !data.is_empty() {
        event.data = data.join("\n");
        Block::Event(event)
    } else if !comments.is_empty() || lines.is_empty() {
        Block::Comment { text: comments.join("\n"), id: event.id }
    } else {
        Block::Silent { id: event.id }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_read_as_an_event_source_reads_it() {
        let mut parser = Parser::default();
        parser.add("\u{feff}: hi\n\nid: 1\nevent: a\ndata: x\r\ndata:y\rretry: 50\n\nid: 2\n\nda".as_bytes());
        assert_eq!(parser.next(), Some(Block::Comment { text: "hi".into(), id: None }));
        let Some(Block::Event(event)) = parser.next() else { panic!("no event") };
        assert_eq!((event.event(), event.data(), event.id()), ("a", "x\ny", Some("1")));
        assert_eq!(event.retry(), Some(Duration::from_millis(50)));
        assert_eq!(parser.next(), Some(Block::Silent { id: Some("2".into()) }));
        assert_eq!(parser.next(), None);
        parser.add(b"ta\n\n");
        let Some(Block::Event(event)) = parser.next() else { panic!("no event") };
        assert_eq!((event.event(), event.data()), ("message", ""));
    }
}
