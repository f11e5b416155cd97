use std::fmt;
use std::iter::FusedIterator;

use super::Event;

/// The events of a body, in order. See [`decode`].
#[derive(Clone, Debug)]
pub struct Events<'a> {
    rest: &'a [u8],
    len: usize,
}

/// Reads the events of a body. Nothing is copied or allocated; after an error there are no more events.
///
/// ```
/// use fanout::grip::websocket::{Event, decode};
///
/// let events: Result<Vec<_>, _> = decode(b"OPEN\r\nTEXT 5\r\nhello\r\n").collect();
/// assert_eq!(events?, [Event::Open, Event::Text(b"hello")]);
///
/// let error = decode(b"TEXT 5\r\nhel").next().unwrap().unwrap_err();
/// assert!(error.is_incomplete());
/// assert_eq!(error.to_string(), "an event's content is shorter than its length (at byte 8)");
/// # Ok::<(), fanout::grip::websocket::DecodeError>(())
/// ```
#[inline]
pub fn decode(body: &[u8]) -> Events<'_> {
    Events { rest: body, len: body.len() }
}

impl<'a> Iterator for Events<'a> {
    type Item = Result<Event<'a>, DecodeError>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        // Nearly every event is a message. Its line is read once, from left to right.
        let event = if let Some(line) = self.rest.strip_prefix(b"TEXT ") {
            self.content(line).map(Event::Text)
        } else if let Some(line) = self.rest.strip_prefix(b"BINARY ") {
            self.content(line).map(Event::Binary)
        } else if self.rest.is_empty() {
            return None;
        } else {
            self.other()
        };
        if event.is_err() {
            self.rest = &[];
        }
        Some(event)
    }
}

impl FusedIterator for Events<'_> {}

impl<'a> Events<'a> {
    /// Reads an event of any type. `rest` begins with its first line.
    #[inline(never)]
    fn other(&mut self) -> Result<Event<'a>, DecodeError> {
        let end = self.rest.iter().position(|byte| !byte.is_ascii_graphic()).unwrap_or(self.rest.len());
        let (kind, line) = self.rest.split_at(end);
        let kind = str::from_utf8(kind).expect("these are ASCII characters");
        match line {
            [b' ' | b'\r', ..] if kind.is_empty() => Err(self.error(line, Problem::NoType)),
            [] | [b'\r'] => Err(self.error(self.rest, Problem::LineDoesNotEnd)),
            [b' ', line @ ..] => Ok(Event::new(kind, self.content(line)?)),
            [b'\r', b'\n', rest @ ..] => {
                self.rest = rest;
                Ok(Event::new(kind, b""))
            }
            _ => Err(self.error(line, Problem::NotAType)),
        }
    }

    /// Reads the content whose length begins `line`. Only the size of the number limits its digits.
    #[inline]
    fn content(&mut self, line: &'a [u8]) -> Result<&'a [u8], DecodeError> {
        let mut length = 0;
        let mut digits = 0;
        for &byte in line {
            let digit = DIGITS[usize::from(byte)];
            if digit == NOT_A_DIGIT {
                break;
            }
            if length > usize::MAX >> 4 {
                return Err(self.error(line, Problem::LengthTooLarge));
            }
            length = length << 4 | usize::from(digit);
            digits += 1;
        }
        let Some(after) = line[digits..].strip_prefix(b"\r\n") else {
            return Err(self.not_a_length(line, &line[digits..]));
        };
        if digits == 0 {
            return Err(self.error(line, Problem::NotALength));
        }
        let Some((content, end)) = after.split_at_checked(length) else {
            return Err(self.error(after, Problem::ContentTooShort));
        };
        let Some(rest) = end.strip_prefix(b"\r\n") else {
            return Err(self.no_end(end));
        };
        self.rest = rest;
        Ok(content)
    }

    /// Returns the problem of a line that does not end after its length.
    #[cold]
    fn not_a_length(&self, line: &[u8], rest: &[u8]) -> DecodeError {
        match rest {
            [] => self.error(self.rest, Problem::LineDoesNotEnd),
            [b'\r'] if rest.len() < line.len() => self.error(self.rest, Problem::LineDoesNotEnd),
            _ => self.error(line, Problem::NotALength),
        }
    }

    /// Returns the problem of a content without a line break after it.
    #[cold]
    fn no_end(&self, end: &[u8]) -> DecodeError {
        let incomplete = matches!(end, [] | [b'\r']);
        self.error(end, if incomplete { Problem::ContentDoesNotEnd } else { Problem::ContentTooLong })
    }

    /// Returns a problem at the start of `tail`, an end of the body.
    #[cold]
    fn error(&self, tail: &[u8], problem: Problem) -> DecodeError {
        DecodeError { offset: self.len - tail.len(), problem }
    }
}

const NOT_A_DIGIT: u8 = 0xff;

/// The value of each byte as a hexadecimal digit. A table is the fastest way to read a digit.
const DIGITS: [u8; 256] = {
    let mut digits = [NOT_A_DIGIT; 256];
    let mut value = 0;
    while value < 16 {
        digits[b"0123456789abcdef"[value] as usize] = value as u8;
        digits[b"0123456789ABCDEF"[value] as usize] = value as u8;
        value += 1;
    }
    digits
};

/// The reason why a body is not a list of events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DecodeError {
    offset: usize,
    problem: Problem,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Problem {
    LineDoesNotEnd,
    NoType,
    NotAType,
    NotALength,
    LengthTooLarge,
    ContentTooShort,
    ContentDoesNotEnd,
    ContentTooLong,
}

impl DecodeError {
    /// Returns the offset of the error in the body, in bytes.
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// Returns `true` if the body ends too early: with more bytes, it could be a list of events. Otherwise it is malformed.
    pub fn is_incomplete(&self) -> bool {
        matches!(
            self.problem,
            Problem::LineDoesNotEnd | Problem::ContentTooShort | Problem::ContentDoesNotEnd
        )
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let problem = match self.problem {
            Problem::LineDoesNotEnd => "an event's first line does not end",
            Problem::NoType => "an event has no type",
            Problem::NotAType => "an event's type contains a character other than printable ASCII",
            Problem::NotALength => "an event's length is not a hexadecimal number",
            Problem::LengthTooLarge => "an event's length is too large a number",
            Problem::ContentTooShort => "an event's content is shorter than its length",
            Problem::ContentDoesNotEnd => "an event's content is not followed by a line break",
            Problem::ContentTooLong => "an event's content does not end after its length",
        };
        write!(f, "{problem} (at byte {})", self.offset)
    }
}

impl std::error::Error for DecodeError {}
