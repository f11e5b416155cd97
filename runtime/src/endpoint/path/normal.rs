use std::borrow::Cow;
use std::fmt::Write as _;

/// A path as the proxy passes it on: what needs no encoding is not encoded, and the rest in capitals ([RFC 3986]). So both
/// invocations find the same endpoint.
///
/// A path with a `%` that encodes nothing stays as it is: what is decoded beside it could make it encode something.
///
/// [RFC 3986]: https://www.rfc-editor.org/rfc/rfc3986#section-6.2.2
pub fn normal(path: &str) -> Cow<'_, str> {
    if !path.contains('%') {
        return Cow::Borrowed(path);
    }
    let mut parts = path.split('%');
    let mut normal = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let digits = part.get(..2).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => {
                normal.push(char::from(byte));
            }
            Some(byte) => write!(normal, "%{byte:02X}").expect("a string takes everything"),
            None => return Cow::Borrowed(path),
        }
        normal.push_str(&part[2..]);
    }
    Cow::Owned(normal)
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
            ("/%6%61", "/%6%61"),
            ("%41", "A"),
        ] {
            assert_eq!(normal(sent), expected, "{sent}");
            assert_eq!(normal(&normal(sent)), normal(sent), "{sent}");
        }
    }
}
