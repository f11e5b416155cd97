use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

/// What the proxy drops where a text in JSON begins with it.
pub(crate) const BYTE_ORDER_MARK: char = '\u{feff}';

/// Bytes as a text in JSON, if they arrive as they are: the proxy cuts a byte order mark off the start of a text.
pub(crate) fn as_text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok().filter(|text| !text.starts_with(BYTE_ORDER_MARK))
}

/// The name of a channel: what connections subscribe to and messages are published to.
///
/// Any text from 1 to [`MAX_LEN`](Self::MAX_LEN) bytes is a name. Characters that mean something to the protocol
/// (`,` and `;` among them) are no risk: such a name travels as JSON and reaches the proxy as it is. Only a byte order mark
/// (U+FEFF) cannot come first: the proxy would drop it, and subscribe to the channel of the rest.
///
/// The attributes are stricter with what a client chooses. A path parameter with a control character is a 400, and so is a
/// request for which a channel function or [`WithHold`](crate::WithHold) makes a name with one at run time, as of a
/// [`Query`](crate::Query).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Channel(Cow<'static, str>);

impl Channel {
    /// The longest name, in bytes. A subscription must fit a control message of 16,384 bytes, in which JSON may
    /// make six bytes of one.
    pub const MAX_LEN: usize = 2048;

    /// The channel of a name that is known when the app is built.
    ///
    /// # Panics
    ///
    /// If the name is empty, longer than [`MAX_LEN`](Self::MAX_LEN), or begins with U+FEFF; in a `const`, that is a
    /// compile error.
    #[track_caller]
    pub const fn from_static(name: &'static str) -> Self {
        assert!(!name.is_empty(), "a channel name cannot be empty");
        assert!(name.len() <= Self::MAX_LEN, "a channel name has at most 2,048 bytes");
        let mark = matches!(name.as_bytes(), [0xef, 0xbb, 0xbf, ..]);
        assert!(!mark, "a channel name cannot begin with a byte order mark (U+FEFF)");
        Self(Cow::Borrowed(name))
    }

    /// The channel of a name that is made at run time.
    ///
    /// # Errors
    ///
    /// If the name is empty, longer than [`MAX_LEN`](Self::MAX_LEN), or begins with U+FEFF.
    pub fn new(name: impl Into<String>) -> Result<Self, InvalidChannel> {
        let channel = Self::unchecked(name.into());
        channel.check()?;
        Ok(channel)
    }

    /// A name that may be none: [`check`](Self::check) says so when somebody subscribes or publishes.
    pub(crate) fn unchecked(name: String) -> Self {
        Self(Cow::Owned(name))
    }

    pub(crate) fn check(&self) -> Result<(), InvalidChannel> {
        match self.0.len() {
            0 => Err(InvalidChannel::Empty),
            1..=Self::MAX_LEN if self.0.starts_with(BYTE_ORDER_MARK) => Err(InvalidChannel::ByteOrderMark),
            1..=Self::MAX_LEN => Ok(()),
            len => Err(InvalidChannel::TooLong(len)),
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the name was known when the app was built.
    pub(crate) fn is_constant(&self) -> bool {
        matches!(self.0, Cow::Borrowed(_))
    }

    /// Whether the name means itself in a `Grip-Channel` header, where it is neither quoted nor unquoted: it is
    /// trimmed, ends at the first `;`, and the header is split at every `,` outside `"`.
    pub(crate) fn fits_header(&self) -> bool {
        let name = self.0.as_bytes();
        let plain = |byte: &u8| matches!(byte, b' '..=b'~') && !matches!(byte, b',' | b';' | b'"');
        name.iter().all(plain) && name.first() != Some(&b' ') && name.last() != Some(&b' ')
    }
}

impl From<&Channel> for Channel {
    fn from(channel: &Channel) -> Self {
        channel.clone()
    }
}

/// As [`Channel::new`].
impl FromStr for Channel {
    type Err = InvalidChannel;

    fn from_str(name: &str) -> Result<Self, InvalidChannel> {
        Self::new(name)
    }
}

impl AsRef<str> for Channel {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why a text is no [`Channel`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidChannel {
    /// It is empty.
    Empty,
    /// It has this many bytes, more than [`Channel::MAX_LEN`].
    TooLong(usize),
    /// It begins with a byte order mark (U+FEFF), which the proxy would drop.
    ByteOrderMark,
}

impl fmt::Display for InvalidChannel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("a channel name cannot be empty"),
            Self::ByteOrderMark => f.write_str("a channel name cannot begin with a byte order mark (U+FEFF)"),
            Self::TooLong(len) => {
                write!(f, "a channel name has at most {} bytes, this one has {len}", Channel::MAX_LEN)
            }
        }
    }
}

impl std::error::Error for InvalidChannel {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_names_fit_the_header() {
        for name in ["test", "room-1", "a b", "ünïcode-free~!", "a=b"] {
            let plain = name.is_ascii();
            assert_eq!(Channel::from_static(name).fits_header(), plain, "{name}");
        }
        for name in ["a,b", "a;b", "a\"b", " a", "a ", "a\nb", "a\u{7f}", "\t", "é"] {
            assert!(!Channel::from_static(name).fits_header(), "{name:?}");
        }
    }

    #[test]
    fn a_name_does_not_begin_with_what_the_proxy_drops() {
        assert_eq!(Channel::new("\u{feff}admin"), Err(InvalidChannel::ByteOrderMark));
        assert!(Channel::new("admin\u{feff}").is_ok());
        assert!(std::panic::catch_unwind(|| Channel::from_static("\u{feff}")).is_err());
    }

    #[test]
    fn a_name_has_1_to_2048_bytes() {
        assert_eq!(Channel::new(""), Err(InvalidChannel::Empty));
        assert!(Channel::new("x".repeat(2048)).is_ok());
        assert_eq!(Channel::new("x".repeat(2049)), Err(InvalidChannel::TooLong(2049)));
        assert_eq!("news".parse(), Channel::new("news"));
        assert_eq!("".parse::<Channel>(), Err(InvalidChannel::Empty));
    }
}
