use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use super::IntoText;

/// The character that the proxy drops at the start of a text in JSON.
pub(crate) const BYTE_ORDER_MARK: char = '\u{feff}';

/// The channel that this crate adds to a stream with a recovery link. Its `prev-id` tells the app which link the proxy follows, and
/// keeps recovery requests at different links apart.
pub(crate) const RECOVERY: &str = "fanout-recovery";

/// Returns bytes as a text in JSON, if they arrive unchanged. The proxy cuts a byte order mark off the start of a text.
pub(crate) fn as_text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok().filter(|text| !text.starts_with(BYTE_ORDER_MARK))
}

/// The name of a channel. Connections subscribe to channels, and the app publishes items to them.
///
/// Any text from 1 to [`MAX_LEN`](Self::MAX_LEN) bytes is a name. Characters with a meaning in the protocol, such as `,` and
/// `;`, are safe: such a name travels as JSON and reaches the proxy unchanged. A name cannot begin with a byte order mark
/// (U+FEFF), since the proxy would drop the mark and subscribe to the channel of the rest. The name `fanout-recovery` is reserved:
/// this crate subscribes [streams that recover](crate::guide::recovery) to it, and nothing is published there.
///
/// The attributes are stricter with names that a client chooses. They answer 400 to a path parameter with a control
/// character, and to a request for which a channel function or [`WithHold`](crate::WithHold) makes a name with one at run time, for
/// example from a [`Query`](crate::Query).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Channel(Cow<'static, str>);

impl Channel {
    /// The limit of a name, in bytes. A subscription must fit into a control message of 16,384 bytes, and JSON may write one
    /// byte as six.
    pub const MAX_LEN: usize = 2048;

    /// Makes a channel from a constant name.
    ///
    /// # Panics
    ///
    /// If the name is empty, longer than [`MAX_LEN`](Self::MAX_LEN), begins with U+FEFF, or is `fanout-recovery`; in a
    /// `const`, that is a compile error.
    #[track_caller]
    pub const fn from_static(name: &'static str) -> Self {
        assert!(!name.is_empty(), "a channel name cannot be empty");
        assert!(name.len() <= Self::MAX_LEN, "a channel name has at most 2,048 bytes");
        let mark = matches!(name.as_bytes(), [0xef, 0xbb, 0xbf, ..]);
        assert!(!mark, "a channel name cannot begin with a byte order mark (U+FEFF)");
        let reserved = matches!(name.as_bytes(), b"fanout-recovery");
        assert!(!reserved, "the channel `fanout-recovery` is reserved");
        Self(Cow::Borrowed(name))
    }

    /// Makes a channel from a name that is made at run time.
    ///
    /// # Errors
    ///
    /// If the name is empty, longer than [`MAX_LEN`](Self::MAX_LEN), begins with U+FEFF, or is `fanout-recovery`.
    pub fn new(name: impl IntoText) -> Result<Self, InvalidChannel> {
        let channel = Self::unchecked(name.into());
        channel.check()?;
        Ok(channel)
    }

    /// Makes a channel without a check of its name. [`check`](Self::check) runs before a subscription and before publishing.
    pub(crate) fn unchecked(name: String) -> Self {
        Self(Cow::Owned(name))
    }

    pub(crate) fn check(&self) -> Result<(), InvalidChannel> {
        match self.0.len() {
            _ if self.0 == RECOVERY => Err(InvalidChannel::Reserved),
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

    /// Returns `true` if the name is a constant of the app.
    pub(crate) fn is_constant(&self) -> bool {
        matches!(self.0, Cow::Borrowed(_))
    }

    /// Returns `true` if the name arrives unchanged in a `Grip-Channel` header. The proxy trims the name, ends it at the first
    /// `;` and splits the header at every `,` outside `"`, and knows no quotes around it.
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

/// Makes a channel as [`Channel::new`] does.
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

/// The reason why a text is not the name of a [`Channel`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidChannel {
    /// The name is empty.
    Empty,
    /// The name has this many bytes, more than [`Channel::MAX_LEN`].
    TooLong(usize),
    /// The name begins with a byte order mark (U+FEFF), which the proxy would drop.
    ByteOrderMark,
    /// The name is `fanout-recovery`, to which this crate subscribes streams that recover.
    Reserved,
}

impl fmt::Display for InvalidChannel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("a channel name cannot be empty"),
            Self::ByteOrderMark => f.write_str("a channel name cannot begin with a byte order mark (U+FEFF)"),
            Self::Reserved => write!(f, "the channel `{RECOVERY}` is reserved: choose another name"),
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
    fn a_name_cannot_begin_with_a_byte_order_mark() {
        assert_eq!(Channel::new("\u{feff}admin"), Err(InvalidChannel::ByteOrderMark));
        assert!(Channel::new("admin\u{feff}").is_ok());
        assert!(std::panic::catch_unwind(|| Channel::from_static("\u{feff}")).is_err());
    }

    /// A publish to it would make every stream that recovers send a recovery request, and a subscription by hand would let a
    /// handler write the proof of a link.
    #[test]
    fn the_channel_of_recovery_is_reserved() {
        assert_eq!(Channel::new(RECOVERY), Err(InvalidChannel::Reserved));
        assert_eq!(Channel::unchecked(RECOVERY.to_owned()).check(), Err(InvalidChannel::Reserved));
        assert!(std::panic::catch_unwind(|| Channel::from_static(RECOVERY)).is_err());
        assert!(Channel::new(format!("{RECOVERY}-1")).is_ok());
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
