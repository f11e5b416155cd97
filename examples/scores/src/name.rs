//! The names of games and topics.

use std::fmt;
use std::ops::Deref;
use std::str::FromStr;

/// The name of a game or a topic: 1 to 40 letters, digits and hyphens. It becomes a part of channels and of keys in the
/// store, which both allow fewer characters than a path does.
pub struct Name(String);

impl FromStr for Name {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        if (1..=40).contains(&text.len()) && text.bytes().all(allowed) {
            Ok(Self(text.to_owned()))
        } else {
            Err("a name has 1 to 40 letters, digits and hyphens")
        }
    }
}

/// So `&name` is the text that a channel takes.
impl Deref for Name {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
