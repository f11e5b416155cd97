//! Headers with parameters, read as the proxy reads them: `HttpHeaders::parseParameters` in Pushpin.

use crate::testing::header_list::HeaderList;

/// An element of a list header: its parameters, as names and values.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Parameters(Vec<(Vec<u8>, Vec<u8>)>);

/// The first part of an element, up to its first `;`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum First {
    /// A name alone: a channel, a link, the data of a keep-alive.
    Name,
    /// A name and a value, like every other parameter.
    Parameter,
}

impl Parameters {
    /// The elements of all headers of a name. A malformed element is left out.
    pub(super) fn all(headers: &HeaderList, name: &str, first: First) -> Vec<Self> {
        let elements = headers.all(name).flat_map(|value| elements(value.as_bytes()));
        elements.filter_map(|element| Self::parse(&element, first)).collect()
    }

    /// Reads one element, or a header that is no list.
    pub(super) fn parse(element: &[u8], first: First) -> Option<Self> {
        let mut parameters = Vec::new();
        let mut rest = element;
        if first == First::Name {
            let end = memchr::memchr(b';', rest).unwrap_or(rest.len());
            parameters.push((rest[..end].trim_ascii().to_vec(), Vec::new()));
            rest = rest.get(end + 1..).unwrap_or_default();
        }
        while !rest.is_empty() {
            let Some(end) = memchr::memchr2(b'=', b';', rest) else {
                parameters.push((rest.trim_ascii().to_vec(), Vec::new()));
                break;
            };
            let name = rest[..end].trim_ascii().to_vec();
            let is_value = rest[end] == b'=';
            rest = &rest[end + 1..];
            let mut value = Vec::new();
            if is_value && let Some(quoted) = rest.strip_prefix(b"\"") {
                rest = unquote(quoted, &mut value)?;
                let next = memchr::memchr(b';', rest).map_or(rest.len(), |at| at + 1);
                rest = &rest[next..];
            } else if is_value {
                let end = memchr::memchr(b';', rest).unwrap_or(rest.len());
                value = rest[..end].trim_ascii().to_vec();
                rest = rest.get(end + 1..).unwrap_or_default();
            }
            parameters.push((name, value));
        }
        Some(Self(parameters))
    }

    /// The name of the first parameter.
    pub(super) fn first(&self) -> &[u8] {
        self.0.first().map_or(b"", |(name, _)| name)
    }

    /// The value of the first parameter.
    pub(super) fn first_value(&self) -> &[u8] {
        self.0.first().map_or(b"", |(_, value)| value)
    }

    /// The values of a parameter.
    pub(super) fn all_of<'p>(&'p self, name: &'p str) -> impl Iterator<Item = &'p [u8]> {
        self.0.iter().filter(move |(this, _)| this == name.as_bytes()).map(|(_, value)| &value[..])
    }

    /// The first value of a parameter.
    pub(super) fn get(&self, name: &str) -> Option<&[u8]> {
        self.0.iter().find(|(this, _)| this == name.as_bytes()).map(|(_, value)| &value[..])
    }

    /// A parameter as a whole number that is not negative.
    pub(super) fn number(&self, name: &str) -> Option<Result<u64, ()>> {
        let text = str::from_utf8(self.get(name)?).map_err(|_| ());
        Some(text.and_then(|text| text.trim().parse().map_err(|_| ())))
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

/// Reads up to the closing quote, and returns what follows.
fn unquote<'v>(quoted: &'v [u8], value: &mut Vec<u8>) -> Option<&'v [u8]> {
    let mut bytes = quoted.iter().enumerate();
    while let Some((at, &byte)) = bytes.next() {
        match byte {
            b'\\' => value.push(*bytes.next()?.1),
            b'"' => return Some(&quoted[at + 1..]),
            _ => value.push(byte),
        }
    }
    None
}

/// The elements of a header: a `,` in quotes ends none.
fn elements(value: &[u8]) -> Vec<Vec<u8>> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    let elements = value.split(|&byte| {
        let is_plain = !std::mem::take(&mut is_escaped);
        is_quoted ^= is_plain && byte == b'"';
        is_escaped = is_plain && is_quoted && byte == b'\\';
        byte == b',' && !is_quoted
    });
    elements.map(|element| element.trim_ascii().to_vec()).collect()
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue};

    use super::*;

    fn names(value: &'static str) -> Vec<String> {
        let mut headers = HeaderList::default();
        headers.push(HeaderName::from_static("grip-channel"), HeaderValue::from_static(value));
        let all = Parameters::all(&headers, "Grip-Channel", First::Name);
        all.iter().map(|one| String::from_utf8_lossy(one.first()).into_owned()).collect()
    }

    #[test]
    fn a_comma_outside_of_quotes_begins_another_channel() {
        assert_eq!(names("room-a,admin"), ["room-a", "admin"]);
        assert_eq!(names("a; prev-id=\"1,2\", b"), ["a", "b"]);
        assert_eq!(names(" a b ; filter=x"), ["a b"]);
    }

    #[test]
    fn a_quoted_value_is_unquoted_and_a_name_is_not() {
        let parse = |text: &str| Parameters::parse(text.as_bytes(), First::Name);
        let one = parse("\"a\"; prev-id=\"x\\\"; y\"; filter=f; filter=g").unwrap();
        assert_eq!(one.first(), b"\"a\"");
        assert_eq!(one.get("prev-id"), Some(&b"x\"; y"[..]));
        assert_eq!(one.all_of("filter").collect::<Vec<_>>(), [b"f", b"g"]);
        assert_eq!(parse("a; prev-id=\"x"), None);
        let meta = Parameters::parse(b"user=\"a b\"", First::Parameter).unwrap();
        assert_eq!((meta.first(), meta.first_value()), (&b"user"[..], &b"a b"[..]));
    }
}
