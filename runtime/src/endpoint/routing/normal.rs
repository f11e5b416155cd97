use std::borrow::Cow;
use std::fmt::Write as _;

/// Normalises a path as the proxy does ([RFC 3986]): decodes characters that need no encoding, and writes hexadecimal
/// digits in upper case. So the client request and the Fanout request find the same endpoint.
///
/// A `%` without two hexadecimal digits becomes `%25`, as in the handoff.
///
/// [RFC 3986]: https://www.rfc-editor.org/rfc/rfc3986#section-6.2.2
pub fn normal(path: &str) -> Cow<'_, str> {
    if !path.contains('%') {
        return Cow::Borrowed(path);
    }
    let mut parts = path.split('%');
    let mut normal = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (byte, rest) = match byte(part) {
            Some(byte) => (byte, &part[2..]),
            None => (b'%', part),
        };
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            normal.push(char::from(byte));
        } else {
            write!(normal, "%{byte:02X}").expect("a string takes everything");
        }
        normal.push_str(rest);
    }
    Cow::Owned(normal)
}

/// The characters that a URL must encode and that clients still send: browsers do not encode most of these in a query.
const NEVER_PLAIN: &[u8] = b"\"<>\\^`{|}";

/// Encodes the characters that a URL must encode. `None` if nothing was changed, as when a parser has encoded them
/// before.
///
/// The proxy does not hold a connection whose request has an invalid URL.
pub(crate) fn encoded(url: &str) -> Option<String> {
    let mut is_changed = false;
    let mut encoded = String::with_capacity(url.len());
    for (at, char) in url.char_indices() {
        let meant = match char {
            '%' => byte(&url[at + 1..]),
            char => u8::try_from(char).ok(),
        };
        let is_plain = meant.is_some_and(|byte| byte.is_ascii() && !NEVER_PLAIN.contains(&byte));
        is_changed |= !is_plain;
        match char {
            '%' if meant.is_some() => encoded.push(char),
            char if is_plain || !char.is_ascii() => encoded.push(char),
            char => write!(encoded, "%{:02X}", u32::from(char)).expect("a string takes everything"),
        }
    }
    is_changed.then_some(encoded)
}

/// The byte of the two hexadecimal digits after a `%`.
fn byte(behind: &str) -> Option<u8> {
    let digits = behind.get(..2).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))?;
    u8::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn needless_encoding_is_removed() {
        for (sent, expected) in [
            ("/a/b", "/a/b"),
            ("/%61%2d%5F%7e", "/a-_~"),
            ("/%2f%c3%BC", "/%2F%C3%BC"),
            ("/%2561", "/%2561"),
            ("/100%", "/100%25"),
            ("/%zz%6", "/%25zz%256"),
            ("/%+1", "/%25+1"),
            ("/%\u{fc}", "/%25\u{fc}"),
            ("/%6%61", "/%256a"),
            ("%41", "A"),
        ] {
            assert_eq!(normal(sent), expected, "{sent}");
            assert_eq!(normal(&normal(sent)), normal(sent), "{sent}");
        }
    }

    #[test]
    fn characters_that_no_url_contains_are_encoded() {
        for plain in ["http://a/b?c=d&e=%20%2F%26", "http://[::1]/'()*,;:@!$-._~", ""] {
            assert_eq!(encoded(plain), None, "{plain}");
        }
        for (sent, expected) in [
            ("/?{\"a\":1}", "/?%7B%22a%22:1%7D"),
            ("/?a|b^c`d\\<e>", "/?a%7Cb%5Ec%60d%5C%3Ce%3E"),
            ("/?100%", "/?100%25"),
            ("/?%zz%6%7b", "/?%25zz%256%7b"),
            // These may be what a parser has made of them.
            ("/%7Broom%7D", "/%7Broom%7D"),
            ("/%C3%BC", "/%C3%BC"),
        ] {
            assert_eq!(encoded(sent).as_deref(), Some(expected), "{sent}");
        }
    }

    proptest! {
        /// The encoded path has the same meaning on both sides of the proxy.
        #[test]
        fn encoding_changes_no_meaning(path in "/[a-c%0-9{|}^/]{0,12}") {
            let encoded = encoded(&path).unwrap_or_else(|| path.clone());
            let decode = |path: &str| percent_encoding::percent_decode_str(path).collect::<Vec<_>>();
            prop_assert_eq!(decode(&encoded), decode(&path));
            let plain = normal(&path).replace('{', "%7B").replace('|', "%7C").replace('}', "%7D").replace('^', "%5E");
            prop_assert_eq!(normal(&encoded), plain);
        }
    }
}
