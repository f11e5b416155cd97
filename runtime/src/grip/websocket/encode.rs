use super::Event;

/// Encodes events as the proxy does, without the prefixes that it expects from an app. It is for tests. An app answers with
/// a [`Reply`](super::Reply).
///
/// Lengths are in lower case without leading zeros. A close without content is `CLOSE` alone. Every other type that may have
/// content has a length, even if it is 0.
///
/// ```
/// use fanout::grip::websocket::{Event, encode};
///
/// let body = encode([Event::Open, Event::Text(b"hello"), Event::Ping(b""), Event::Close(b"")]);
/// assert_eq!(body, b"OPEN\r\nTEXT 5\r\nhello\r\nPING 0\r\n\r\nCLOSE\r\n");
/// ```
pub fn encode<'a>(events: impl IntoIterator<Item = Event<'a>>) -> Vec<u8> {
    let mut body = Vec::new();
    for event in events {
        event.encode(&mut body);
    }
    body
}

impl Event<'_> {
    /// Appends the event to `body`, as [`encode`] does.
    pub fn encode(&self, body: &mut Vec<u8>) {
        match *self {
            Event::Open => body.extend_from_slice(b"OPEN\r\n"),
            Event::Text(content) => write(body, b"TEXT ", b"", content),
            Event::Binary(content) => write(body, b"BINARY ", b"", content),
            Event::Ping(content) => write(body, b"PING ", b"", content),
            Event::Pong(content) => write(body, b"PONG ", b"", content),
            Event::Close(b"") => body.extend_from_slice(b"CLOSE\r\n"),
            Event::Close(content) => write(body, b"CLOSE ", b"", content),
            Event::Disconnect => body.extend_from_slice(b"DISCONNECT\r\n"),
            Event::Unknown(unknown) => {
                body.extend_from_slice(unknown.kind().as_bytes());
                write(body, b" ", b"", unknown.content());
            }
        }
    }
}

/// Appends `start`, the length of `prefix` and `content`, and both of them.
#[inline]
pub(super) fn write<const N: usize, const P: usize>(
    body: &mut Vec<u8>,
    start: &[u8; N],
    prefix: &[u8; P],
    content: &[u8],
) {
    // A single reservation, so that a body grows at most once for each event.
    body.reserve(N + P + content.len() + 2 * size_of::<usize>() + 4);
    body.extend_from_slice(start);
    write_hex(body, P + content.len());
    body.extend_from_slice(b"\r\n");
    body.extend_from_slice(prefix);
    body.extend_from_slice(content);
    body.extend_from_slice(b"\r\n");
}

/// Writes a number in hexadecimal digits, lower case and without leading zeros.
#[inline]
fn write_hex(body: &mut Vec<u8>, number: usize) {
    let digits = (usize::BITS - (number | 1).leading_zeros()).div_ceil(4);
    for digit in (0..digits).rev() {
        body.push(b"0123456789abcdef"[number >> (4 * digit) & 0xf]);
    }
}
