use std::borrow::Cow;
use std::fmt;

use crate::grip::IntoBytes;
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
    pub fn new(data: impl IntoBytes) -> Result<Self, InvalidKeepAlive> {
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
}

#[track_caller]
const fn checked(seconds: u32) -> u32 {
    assert!(seconds >= 1, "a keep-alive is sent after 1 second or more");
    assert!(seconds <= MAX_SECONDS, "a keep-alive is sent after 2,147,483 seconds or fewer");
    seconds
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
    use super::*;

    #[test]
    fn a_keep_alive_has_1_to_1024_bytes() {
        assert_eq!(KeepAlive::new(""), Err(InvalidKeepAlive::Empty));
        assert!(KeepAlive::new([0; 1024]).is_ok());
        assert_eq!(KeepAlive::new([0; 1025]), Err(InvalidKeepAlive::TooLong(1025)));
    }
}
