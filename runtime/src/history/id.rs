use std::fmt;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::grip::IntoText;

/// The id of an entry in a [history](super::History), which is also the id of its event and of its published item.
///
/// It is opaque: clients and apps compare ids, and read nothing from them. It has 1 to [`MAX_LEN`](Self::MAX_LEN) bytes of visible
/// ASCII, without `,`, `;` and `"`, so that it goes unchanged through headers and through the proxy.
///
/// A client chooses the id that it sends, so the id proves nothing.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EntryId(String);

impl EntryId {
    /// The limit of an id, in bytes.
    pub const MAX_LEN: usize = 64;

    /// Makes an id of a text.
    ///
    /// # Errors
    ///
    /// If the text is empty, is longer than [`MAX_LEN`](Self::MAX_LEN), or has another character than visible ASCII, or `,`, `;`
    /// or `"`.
    pub fn new(id: impl IntoText) -> Result<Self, InvalidEntryId> {
        let id = id.into();
        let is_plain = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b',' | b';' | b'"');
        if (1..=Self::MAX_LEN).contains(&id.len()) && id.bytes().all(is_plain) {
            Ok(Self(id))
        } else {
            Err(InvalidEntryId)
        }
    }

    /// The id `0` before the first entry: that of a channel to which nothing was published. No entry has it.
    pub fn before_first() -> Self {
        Self("0".to_owned())
    }

    /// Returns `true` for the id before the first entry.
    pub fn is_before_first(&self) -> bool {
        self.0 == "0"
    }

    /// An id that is as long as an id can be.
    pub(crate) fn longest() -> Self {
        Self("9".repeat(Self::MAX_LEN))
    }

    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Makes the id of the entry with a number, counted from 1, in an epoch.
    pub(crate) fn numbered(epoch: &Epoch, number: u64) -> Self {
        Self(format!("{}-{number}", epoch.0))
    }

    /// Returns the number, if the id is of this epoch.
    pub(crate) fn number_in(&self, epoch: &Epoch) -> Option<u64> {
        let number = self.0.strip_prefix(&epoch.0)?.strip_prefix('-')?;
        // Each id has one spelling.
        let is_canonical = !number.starts_with(['0', '+']);
        number.parse().ok().filter(|_| is_canonical)
    }
}

impl FromStr for EntryId {
    type Err = InvalidEntryId;

    fn from_str(id: &str) -> Result<Self, InvalidEntryId> {
        Self::new(id)
    }
}

impl TryFrom<String> for EntryId {
    type Error = InvalidEntryId;

    fn try_from(id: String) -> Result<Self, InvalidEntryId> {
        Self::new(id)
    }
}

impl From<EntryId> for String {
    fn from(id: EntryId) -> Self {
        id.0
    }
}

impl AsRef<str> for EntryId {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The error for a text that is not an [`EntryId`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidEntryId;

impl fmt::Display for InvalidEntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let limit = EntryId::MAX_LEN;
        write!(f, "the id of an entry has 1 to {limit} bytes of visible ASCII, without `,`, `;` and `\"`")
    }
}

impl std::error::Error for InvalidEntryId {}

/// A random number. Each `RandomState` has keys of its own, from the randomness of the system.
pub(crate) fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}

/// The life of a channel's history, from its first entry until it is deleted. Its name is random, so that an id of an earlier life
/// is not mistaken for one of this life.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Epoch(String);

impl Epoch {
    pub(crate) fn random() -> Self {
        Self(format!("{:012x}", random() & 0xffff_ffff_ffff))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_fits_each_header_unquoted() {
        for id in ["0", "a", "a-1", "x_y.z", "!#$%&'()*+-./:<=>?@[\\]^_`{|}~", &"x".repeat(64)] {
            assert_eq!(EntryId::new(id).unwrap().as_str(), id);
        }
        for id in ["", " ", "a b", "a,b", "a;b", "a\"", "a\n", "\u{7f}", "é", "\u{feff}a", &"x".repeat(65)] {
            assert_eq!(EntryId::new(id), Err(InvalidEntryId), "{id:?}");
        }
    }

    #[test]
    fn a_number_counts_in_its_epoch_only_and_has_one_spelling() {
        let (one, other) = (Epoch("a1".to_owned()), Epoch("a12".to_owned()));
        let id = EntryId::numbered(&one, 7);
        assert_eq!((id.as_str(), id.number_in(&one), id.number_in(&other)), ("a1-7", Some(7), None));
        for spelled in ["a1-07", "a1-+7", "a1-", "a1-0", "a1--7", "a1-7x", "a1-99999999999999999999", "0"] {
            assert_eq!(EntryId::new(spelled).unwrap().number_in(&one), None, "{spelled}");
        }
    }

    #[test]
    fn epochs_differ_and_make_ids() {
        let (one, other) = (Epoch::random(), Epoch::random());
        assert_ne!(one, other);
        let longest = EntryId::numbered(&one, u64::MAX);
        assert_eq!(EntryId::new(longest.as_str()), Ok(longest));
    }
}
