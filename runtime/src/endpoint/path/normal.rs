use std::borrow::Cow;
use std::fmt::Write as _;

/// A path as the proxy passes it on: what needs no encoding is not encoded, and the rest in capitals ([RFC 3986]). So both
/// invocations find the same endpoint.
///
/// [RFC 3986]: https://www.rfc-editor.org/rfc/rfc3986#section-6.2.2
pub(crate) fn normal(path: &str) -> Cow<'_, str> {
    let mut parts = path.split('%');
    let first = parts.next().unwrap_or_default();
    let mut normal = String::new();
    for part in parts {
        let digits = part.get(..2).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => {
                normal.push(char::from(byte));
                normal.push_str(&part[2..]);
            }
            Some(byte) => {
                write!(normal, "%{byte:02X}{}", &part[2..]).expect("a string takes everything");
            }
            None => {
                normal.push('%');
                normal.push_str(part);
            }
        }
    }
    if first.len() == path.len() { Cow::Borrowed(path) } else { Cow::Owned(first.to_owned() + &normal) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_needs_no_encoding_is_not_encoded() {
        for (sent, expected) in [
            ("/a/b", "/a/b"),
            ("/%61%2d%5F%7e", "/a-_~"),
            ("/%2f%c3%BC", "/%2F%C3%BC"),
            ("/%2561", "/%2561"),
            ("/100%", "/100%"),
            ("/%zz%6", "/%zz%6"),
            ("/%+1", "/%+1"),
            ("/%\u{fc}", "/%\u{fc}"),
            ("%41", "A"),
        ] {
            assert_eq!(normal(sent), expected, "{sent}");
            assert_eq!(normal(&normal(sent)), normal(sent), "{sent}");
        }
    }
}
