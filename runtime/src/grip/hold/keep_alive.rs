use std::borrow::Cow;
use std::fmt::{self, Write as _};

use base64ct::{Base64, Encoding};

use crate::grip::seconds::MAX_SECONDS;

/// Bytes that the proxy sends on a quiet stream, so that intermediaries keep the connection open.
///
/// The proxy sends them after [15](Self::DEFAULT_SECONDS) quiet seconds, unless [`idle`](Self::idle) or
/// [`interval`](Self::interval) set another time. It spreads them: each comes up to a second earlier.
///
/// ```
/// use fanout::Event;
/// use fanout::grip::KeepAlive;
///
/// const DOT: KeepAlive = KeepAlive::from_static(b".").interval(60);
/// let ping = KeepAlive::new(Event::named("ping", "still here"))?.idle(20);
/// # Ok::<(), fanout::grip::InvalidKeepAlive>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeepAlive {
    data: Cow<'static, [u8]>,
    seconds: u32,
    interval: bool,
}

impl KeepAlive {
    /// The limit of the data, in bytes. It travels in a header, and proxies limit headers.
    pub const MAX_LEN: usize = 1024;

    /// The default time, in seconds. The HTML standard recommends it for event streams, and it is half of the 30 seconds after
    /// which the strictest of common proxies close a connection.
    pub const DEFAULT_SECONDS: u32 = 15;

    /// A comment of an event stream, which clients ignore. Every [`Hold::sse`](super::Hold::sse) begins with it.
    pub const fn comment() -> Self {
        Self::from_static(b":\n\n")
    }

    /// Makes a keep-alive of constant bytes.
    ///
    /// # Panics
    ///
    /// If the data is empty or longer than [`MAX_LEN`](Self::MAX_LEN); in a `const`, that is a compile error.
    #[track_caller]
    pub const fn from_static(data: &'static [u8]) -> Self {
        assert!(!data.is_empty(), "a keep-alive cannot be empty");
        assert!(data.len() <= Self::MAX_LEN, "a keep-alive has at most 1,024 bytes");
        Self::with(Cow::Borrowed(data))
    }

    /// Makes a keep-alive of any bytes: text, or an [`Event`](crate::Event).
    ///
    /// # Errors
    ///
    /// If the data is empty or longer than [`MAX_LEN`](Self::MAX_LEN).
    pub fn new(data: impl Into<Vec<u8>>) -> Result<Self, InvalidKeepAlive> {
        let data = data.into();
        match data.len() {
            0 => Err(InvalidKeepAlive::Empty),
            1..=Self::MAX_LEN => Ok(Self::with(Cow::Owned(data))),
            len => Err(InvalidKeepAlive::TooLong(len)),
        }
    }

    const fn with(data: Cow<'static, [u8]>) -> Self {
        Self { data, seconds: Self::DEFAULT_SECONDS, interval: false }
    }

    /// Sends the data after each time of so many quiet seconds.
    ///
    /// # Panics
    ///
    /// If the seconds are not from 1 to [`Hold::MAX_SECONDS`](super::Hold::MAX_SECONDS), since the proxy would replace them; in
    /// a `const`, that is a compile error.
    #[must_use]
    #[track_caller]
    pub const fn idle(mut self, seconds: u32) -> Self {
        self.seconds = checked(seconds);
        self.interval = false;
        self
    }

    /// Sends the data every so many seconds, on a busy stream too.
    ///
    /// # Panics
    ///
    /// If the seconds are not from 1 to [`Hold::MAX_SECONDS`](super::Hold::MAX_SECONDS); in a `const`, that is a compile error.
    #[must_use]
    #[track_caller]
    pub const fn interval(mut self, seconds: u32) -> Self {
        self.seconds = checked(seconds);
        self.interval = true;
        self
    }

    /// Returns the data.
    pub fn data(&self) -> &[u8] {
        &self.data
    }

    /// Returns the time, in seconds.
    pub const fn seconds(&self) -> u32 {
        self.seconds
    }

    /// Returns `true` if the proxy sends the data on a busy stream too.
    pub const fn is_interval(&self) -> bool {
        self.interval
    }

    /// Returns the value of `Grip-Keep-Alive`, in the plainest format in which the data arrives unchanged.
    pub(crate) fn to_header(&self) -> String {
        let mut value = if fits_raw(&self.data) {
            self.data.iter().map(|&byte| char::from(byte)).collect()
        } else {
            match cstring(&self.data) {
                Some(written) => written + "; format=cstring",
                None => Base64::encode_string(&self.data) + "; format=base64",
            }
        };
        write!(value, "; timeout={}", self.seconds).expect("a string takes everything");
        if self.interval {
            value.push_str("; mode=interval");
        }
        value
    }
}

#[track_caller]
const fn checked(seconds: u32) -> u32 {
    assert!(seconds >= 1, "a keep-alive is sent after 1 second or more");
    assert!(seconds <= MAX_SECONDS, "a keep-alive is sent after 2,147,483 seconds or fewer");
    seconds
}

/// Returns `true` if the data arrives unchanged in the header, where the proxy trims it and ends it at the first `;`.
fn fits_raw(data: &[u8]) -> bool {
    data.iter().all(|byte| matches!(byte, b' '..=b'~') && *byte != b';')
        && data.first() != Some(&b' ')
        && data.last() != Some(&b' ')
}

/// Returns the data with escapes, on one line. `None` if it is not ASCII, or if the escapes make it much longer.
fn cstring(data: &[u8]) -> Option<String> {
    let mut written = String::with_capacity(data.len() + 8);
    for (index, &byte) in data.iter().enumerate() {
        let at_an_end = index == 0 || index == data.len() - 1;
        match byte {
            b'\\' => written.push_str(r"\\"),
            b'\r' => written.push_str(r"\r"),
            b'\n' => written.push_str(r"\n"),
            b'!'..=b'~' if byte != b';' => written.push(char::from(byte)),
            b' ' if !at_an_end => written.push(' '),
            _ => write!(written, r"\x{byte:02x}").expect("a string takes everything"),
        }
    }
    let readable = data.is_ascii() && written.len() <= 2 * data.len() + 16;
    readable.then_some(written)
}

/// The reason why bytes are not the data of a [`KeepAlive`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidKeepAlive {
    /// The data is empty.
    Empty,
    /// The data has this many bytes, more than [`KeepAlive::MAX_LEN`].
    TooLong(usize),
}

impl fmt::Display for InvalidKeepAlive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("a keep-alive cannot be empty"),
            Self::TooLong(len) => {
                write!(f, "a keep-alive has at most {} bytes, this one has {len}", KeepAlive::MAX_LEN)
            }
        }
    }
}

impl std::error::Error for InvalidKeepAlive {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn header(data: &'static [u8]) -> String {
        KeepAlive::from_static(data).to_header()
    }

    #[test]
    fn the_format_is_the_plainest_that_carries_the_data() {
        assert_eq!(header(b"ping, \"x\" \\n"), "ping, \"x\" \\n; timeout=15");
        assert_eq!(header(b":\n\n"), r":\n\n; format=cstring; timeout=15");
        assert_eq!(header(b" a; \\\r\t "), r"\x20a\x3b \\\r\x09\x20; format=cstring; timeout=15");
        assert_eq!(header(&[7; 1024]).find(';'), Some(1368));
        assert_eq!(header(b"\xff\x00"), "/wA=; format=base64; timeout=15");
        assert_eq!(header("é".as_bytes()), "w6k=; format=base64; timeout=15");
    }

    #[test]
    fn the_header_has_the_mode_and_the_seconds() {
        const DOT: KeepAlive = KeepAlive::from_static(b".").interval(20);
        assert_eq!(DOT.to_header(), ".; timeout=20; mode=interval");
        assert_eq!(DOT.idle(1).to_header(), ".; timeout=1");
    }

    #[test]
    fn a_keep_alive_has_1_to_1024_bytes() {
        assert_eq!(KeepAlive::new(""), Err(InvalidKeepAlive::Empty));
        assert!(KeepAlive::new([0; 1024]).is_ok());
        assert_eq!(KeepAlive::new([0; 1025]), Err(InvalidKeepAlive::TooLong(1025)));
    }

    /// Reads a header's value as the proxy does.
    fn read(value: &str) -> Vec<u8> {
        let (data, parameters) = value.split_once(';').unwrap();
        let data = data.trim();
        if parameters.contains("format=base64") {
            return Base64::decode_vec(data).unwrap();
        }
        if !parameters.contains("format=cstring") {
            return data.into();
        }
        let (mut out, mut rest) = (Vec::new(), data.bytes());
        while let Some(byte) = rest.next() {
            out.push(match (byte, if byte == b'\\' { rest.next() } else { None }) {
                (b'\\', Some(b'\\')) => b'\\',
                (b'\\', Some(b'r')) => b'\r',
                (b'\\', Some(b'n')) => b'\n',
                (b'\\', Some(b'x')) => {
                    let digits = [rest.next().unwrap(), rest.next().unwrap()];
                    u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap()
                }
                (byte, _) => byte,
            });
        }
        out
    }

    proptest! {
        #[test]
        fn any_bytes_arrive_unchanged(data in prop_oneof![
            prop::collection::vec(any::<u8>(), 1..64),
            "[ -~\r\n\t;]{1,16}".prop_map(String::into_bytes),
            "[ -:<-~]{1,16}".prop_map(String::into_bytes),
        ]) {
            let value = KeepAlive::new(data.clone()).unwrap().to_header();
            prop_assert!(http::HeaderValue::from_str(&value).is_ok());
            prop_assert_eq!(read(&value), data);
        }
    }
}
