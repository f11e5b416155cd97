//! The requests and responses of an HTTP/1.1 connection, read beside the bytes that are passed on.

use std::collections::VecDeque;

/// The longest head that is read. Viceroy and Pushpin refuse shorter ones.
const LONGEST: usize = 1 << 20;

/// The number of headers that are read. Viceroy refuses more than 100.
const HEADERS: usize = 512;

/// The state of a connection: whether a response is due.
#[derive(Default)]
pub(super) struct Exchange {
    requests: Reader,
    responses: Reader,
    /// For each request without a response, whether its response has a body.
    due: VecDeque<bool>,
    /// `true` once the bytes of the client are no HTTP, after a 101 or since something was not understood.
    requests_end: bool,
    /// `true` once those of the app are none.
    responses_end: bool,
}

impl Exchange {
    /// Bytes of the client.
    pub(super) fn request(&mut self, bytes: &[u8]) {
        let Self { requests, due, requests_end, .. } = self;
        if *requests_end {
            return;
        }
        let read = requests.read(bytes, |head| {
            let mut headers = [httparse::EMPTY_HEADER; HEADERS];
            let mut request = httparse::Request::new(&mut headers);
            request.parse(head).ok().filter(httparse::Status::is_complete)?;
            due.push_back(request.method != Some("HEAD"));
            // A request without a length has no body.
            Some(body(request.headers)?.unwrap_or(Part::NEXT))
        });
        *requests_end |= read.is_none();
    }

    /// Bytes of the app. Returns the `Sec-WebSocket-Accept` of a response that opens a WebSocket.
    pub(super) fn response(&mut self, bytes: &[u8]) -> Option<Vec<u8>> {
        let Self { requests, responses, due, requests_end, responses_end } = self;
        if *responses_end {
            return None;
        }
        let mut opened = None;
        let read = responses.read(bytes, |head| {
            let mut headers = [httparse::EMPTY_HEADER; HEADERS];
            let mut response = httparse::Response::new(&mut headers);
            response.parse(head).ok().filter(httparse::Status::is_complete)?;
            match response.code? {
                101 => {
                    opened = accept(response.headers);
                    *requests_end = true;
                    // The bytes of the client behind its request are no HTTP.
                    *requests = Reader::default();
                    None
                }
                // The response itself follows.
                100..200 => Some(Part::NEXT),
                code => {
                    let has_body = due.pop_front()? && !matches!(code, 204 | 304);
                    let body = body(response.headers)?.unwrap_or(Part::Rest);
                    Some(if has_body { body } else { Part::NEXT })
                }
            }
        });
        *responses_end |= read.is_none();
        opened
    }

    /// `true` if the client may send a request, and waits for nothing.
    pub(super) fn is_idle(&self) -> bool {
        !self.requests_end
            && !self.responses_end
            && self.due.is_empty()
            && self.requests.is_between()
            && self.responses.is_between()
    }
}

/// The first response on a connection.
#[derive(Default)]
pub(super) struct Head(Vec<u8>);

/// The head of a response.
pub(super) struct Read {
    /// Its end in the bytes that were read last.
    pub(super) end: usize,
    /// Its `Sec-WebSocket-Accept`, if it opens a WebSocket.
    pub(super) accept: Option<Vec<u8>>,
}

impl Head {
    /// Bytes of the response. Returns the head once it is complete, or if the bytes are none.
    pub(super) fn read(&mut self, bytes: &[u8]) -> Option<Read> {
        let before = self.0.len();
        self.0.extend_from_slice(bytes);
        let mut headers = [httparse::EMPTY_HEADER; HEADERS];
        let mut response = httparse::Response::new(&mut headers);
        match response.parse(&self.0) {
            Ok(httparse::Status::Partial) if self.0.len() < LONGEST => None,
            Ok(httparse::Status::Complete(end)) => Some(Read {
                end: end - before,
                accept: (response.code == Some(101)).then(|| accept(response.headers)).flatten(),
            }),
            _ => Some(Read { end: bytes.len(), accept: None }),
        }
    }
}

fn accept(headers: &[httparse::Header<'_>]) -> Option<Vec<u8>> {
    let accept = headers.iter().find(|header| header.name.eq_ignore_ascii_case("sec-websocket-accept"))?;
    Some(accept.value.to_owned())
}

/// The body that headers announce, if they do. Fails if they are not understood.
fn body(headers: &[httparse::Header<'_>]) -> Option<Option<Part>> {
    let mut body = None;
    for header in headers.iter() {
        if header.name.eq_ignore_ascii_case("transfer-encoding") {
            if !header.value.eq_ignore_ascii_case(b"chunked") {
                return None;
            }
            return Some(Some(Part::Chunk(Vec::new())));
        }
        if header.name.eq_ignore_ascii_case("content-length") {
            body = Some(Part::Bytes(str::from_utf8(header.value).ok()?.trim().parse().ok()?));
        }
    }
    Some(body)
}

/// The part of a message that comes next.
enum Part {
    /// A head, so far.
    Head(Vec<u8>),
    /// This number of bytes of a body.
    Bytes(u64),
    /// The line with the size of a chunk, so far.
    Chunk(Vec<u8>),
    /// This number of bytes of a chunk, with the end of its line.
    InChunk(u64),
    /// A line behind the last chunk, so far.
    Trailer(Vec<u8>),
    /// A body up to the end of the connection.
    Rest,
}

impl Part {
    const NEXT: Self = Self::Head(Vec::new());
}

/// The messages of one direction.
struct Reader(Part);

impl Default for Reader {
    fn default() -> Self {
        Self(Part::NEXT)
    }
}

impl Reader {
    fn is_between(&self) -> bool {
        matches!(&self.0, Part::Head(head) if head.is_empty())
    }

    /// Reads bytes. `headed` gets each head and returns the body behind it. Returns `None` if the bytes are no HTTP.
    fn read(&mut self, mut bytes: &[u8], mut headed: impl FnMut(&[u8]) -> Option<Part>) -> Option<()> {
        while !bytes.is_empty() {
            match &mut self.0 {
                Part::Head(head) => {
                    // A blank line may stand before a head.
                    if head.is_empty() && matches!(bytes[0], b'\r' | b'\n') {
                        bytes = &bytes[1..];
                        continue;
                    }
                    let before = head.len();
                    head.extend_from_slice(bytes);
                    // The end may begin in what was read before.
                    let from = before.saturating_sub(3);
                    let Some(end) = head[from..].windows(4).position(|four| four == b"\r\n\r\n") else {
                        return (head.len() < LONGEST).then_some(());
                    };
                    let end = from + end + 4;
                    bytes = &bytes[end - before..];
                    head.truncate(end);
                    let next = headed(head)?;
                    self.0 = next;
                }
                Part::Bytes(left) | Part::InChunk(left) => {
                    let taken = bytes.len().min(usize::try_from(*left).unwrap_or(usize::MAX));
                    *left -= taken as u64;
                    bytes = &bytes[taken..];
                }
                Part::Chunk(line) | Part::Trailer(line) => {
                    let end = bytes.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |end| end + 1);
                    line.extend_from_slice(&bytes[..end]);
                    bytes = &bytes[end..];
                    if line.len() > LONGEST {
                        return None;
                    }
                }
                Part::Rest => return Some(()),
            }
            self.step()?;
        }
        Some(())
    }

    /// Goes on to the next part, if this one is complete.
    fn step(&mut self) -> Option<()> {
        match &self.0 {
            Part::Bytes(0) => self.0 = Part::NEXT,
            Part::InChunk(0) => self.0 = Part::Chunk(Vec::new()),
            Part::Chunk(line) if line.ends_with(b"\n") => {
                let Ok(httparse::Status::Complete((_, size))) = httparse::parse_chunk_size(line) else {
                    return None;
                };
                self.0 =
                    if size == 0 { Part::Trailer(Vec::new()) } else { Part::InChunk(size.checked_add(2)?) };
            }
            Part::Trailer(line) if matches!(&line[..], b"\r\n" | b"\n") => self.0 = Part::NEXT,
            Part::Trailer(line) if line.ends_with(b"\n") => self.0 = Part::Trailer(Vec::new()),
            _ => {}
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GET: &[u8] = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    const OK: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    const CHUNKED: &[u8] = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

    /// However the bytes are cut, the connection is idle at the end, and only there.
    fn ends_idle(requests: &[u8], responses: &[u8]) {
        for size in 1..=responses.len() {
            let mut exchange = Exchange::default();
            requests.chunks(size).for_each(|bytes| exchange.request(bytes));
            let mut left = responses.len();
            for bytes in responses.chunks(size) {
                assert!(!exchange.is_idle(), "{left} bytes are missing, by {size}");
                assert_eq!(exchange.response(bytes), None);
                left -= bytes.len();
            }
            assert!(exchange.is_idle(), "by {size}");
        }
    }

    #[test]
    fn a_connection_is_idle_between_a_response_and_the_next_request() {
        assert!(Exchange::default().is_idle());
        ends_idle(GET, OK);
        ends_idle(GET, b"HTTP/1.1 204 No Content\r\n\r\n");
        ends_idle(GET, b"HTTP/1.1 304 Not Modified\r\nContent-Length: 10\r\n\r\n");
        ends_idle(b"HEAD / HTTP/1.1\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n");
        ends_idle(b"POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nGET /", OK);
        ends_idle(
            b"POST / HTTP/1.1\r\nExpect: 100-continue\r\n\r\n",
            &[b"HTTP/1.1 100 Continue\r\n\r\n", OK].concat(),
        );
        let chunks = b"5\r\n0\r\n\r\n\r\n1a;x=y\r\nabcdefghijklmnopqrstuvwxyz\r\n0\r\na: b\r\n\r\n";
        ends_idle(GET, &[CHUNKED, chunks].concat());
        ends_idle(&[GET, b"\r\n", GET].concat(), &[OK, OK].concat());
    }

    #[test]
    fn a_connection_with_an_open_response_is_never_idle() {
        for responses in [
            [CHUNKED, b"3\r\nabc\r\n".as_slice()].concat(),
            b"HTTP/1.0 200 OK\r\n\r\nup to the end".to_vec(),
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n".to_vec(),
            b"no HTTP at all\r\n\r\n".to_vec(),
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n".to_vec(),
            [OK, OK].concat(),
        ] {
            let mut exchange = Exchange::default();
            exchange.request(GET);
            exchange.response(&responses);
            assert!(!exchange.is_idle(), "{}", String::from_utf8_lossy(&responses));
        }
        let mut exchange = Exchange::default();
        exchange.request(&GET[..5]);
        assert!(!exchange.is_idle(), "half a request");
    }

    const OPENS: &[u8] = b"HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: abc=\r\n\r\n";

    #[test]
    fn the_opening_of_a_websocket_is_seen_once() {
        let mut exchange = Exchange::default();
        exchange.request(GET);
        exchange.response(OK);
        exchange.request(GET);
        let (one, other) = OPENS.split_at(20);
        assert_eq!(exchange.response(one), None);
        assert_eq!(exchange.response(&[other, b"\x81\x01a"].concat()).as_deref(), Some(&b"abc="[..]));
        assert_eq!(exchange.response(OPENS), None, "a message of the WebSocket");
    }

    #[test]
    fn the_messages_of_a_websocket_are_not_kept() {
        let mut exchange = Exchange::default();
        exchange.request(&[GET, b"\x81\x81aaaa"].concat());
        assert!(!exchange.requests.is_between(), "they may be a request until the response comes");
        exchange.response(OPENS);
        for _ in 0..3 {
            assert!(exchange.requests.is_between());
            exchange.request(b"\x81\x81aaaa");
        }
        assert!(!exchange.is_idle());
    }

    #[test]
    fn a_client_that_sends_at_once_opens_a_websocket_too() {
        let mut exchange = Exchange::default();
        exchange.request(&[GET, b"\x81\x81aaaa\r\n\r\n"].concat());
        assert_eq!(exchange.response(OPENS).as_deref(), Some(&b"abc="[..]));
        assert!(!exchange.is_idle());
    }

    #[test]
    fn a_head_ends_before_what_came_with_it() {
        let bytes = [OPENS, b"\x81\x01a"].concat();
        for cut in 0..OPENS.len() {
            let mut head = Head::default();
            let (one, other) = bytes.split_at(cut);
            assert!(one.is_empty() || head.read(one).is_none());
            let read = head.read(other).expect("it is complete");
            assert_eq!(&other[read.end..], b"\x81\x01a");
            assert_eq!(read.accept.as_deref(), Some(&b"abc="[..]));
        }
        let other = Head::default().read(OK).expect("it is complete");
        assert_eq!((other.accept, other.end), (None, OK.len() - 2));
        assert!(Head::default().read(b"no HTTP\r\n\r\n").is_some_and(|read| read.accept.is_none()));
    }
}
