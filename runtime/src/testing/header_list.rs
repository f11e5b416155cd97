use std::cmp::Ordering;

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::endpoint::request::HeaderSource;

/// Headers in the order in which they were sent.
#[derive(Clone, Debug, Default)]
pub(super) struct HeaderList(Vec<(HeaderName, HeaderValue)>);

impl HeaderList {
    pub(super) fn push(&mut self, name: HeaderName, value: HeaderValue) {
        self.0.push((name, value));
    }

    /// Adds a header of this library, whose value fits a header.
    pub(super) fn push_text(&mut self, name: &'static str, value: &str) {
        let value = HeaderValue::from_str(value).expect("the value of a header of the proxy is plain");
        self.push(HeaderName::from_static(name), value);
    }

    /// Adds a header in place of those of the same name.
    pub(super) fn set(&mut self, name: HeaderName, value: HeaderValue) {
        self.retain(|this| *this != name);
        self.push(name, value);
    }

    pub(super) fn retain(&mut self, keep: impl Fn(&HeaderName) -> bool) {
        self.0.retain(|(name, _)| keep(name));
    }

    pub(super) fn all<'h>(&'h self, name: &str) -> impl Iterator<Item = &'h HeaderValue> + use<'h> {
        let name = name.to_ascii_lowercase();
        self.0.iter().filter(move |(this, _)| this.as_str() == name).map(|(_, value)| value)
    }

    pub(super) fn get(&self, name: &str) -> Option<&HeaderValue> {
        self.all(name).next()
    }

    /// The first value as text, with U+FFFD for other bytes.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&HeaderName, &HeaderValue)> {
        self.0.iter().map(|(name, value)| (name, value))
    }

    /// The bytes that they take in a request.
    pub(super) fn wire_len(&self) -> usize {
        self.0.iter().map(|(name, value)| name.as_str().len() + value.len() + ": \r\n".len()).sum()
    }
}

impl From<&HeaderMap> for HeaderList {
    fn from(map: &HeaderMap) -> Self {
        Self(map.iter().map(|(name, value)| (name.clone(), value.clone())).collect())
    }
}

impl HeaderSource for HeaderList {
    fn values(&self, name: &HeaderName) -> Vec<&HeaderValue> {
        self.0.iter().filter(|(this, _)| this == name).map(|(_, value)| value).collect()
    }

    fn order(&self, one: &HeaderName, other: &HeaderName) -> Option<Ordering> {
        let place = |name: &HeaderName| self.0.iter().position(|(this, _)| this == name);
        place(one).zip(place(other)).map(|(one, other)| one.cmp(&other))
    }
}
