use std::borrow::Cow;
use std::fmt::{self, Write as _};
use std::str::FromStr;

use http::Uri;

/// The URL of a link in a hold: a path on the same service, or an absolute URL.
///
/// The proxy resolves a path against the address of the held request. Characters that a URL cannot contain are
/// percent-encoded, and so are `,` and `;`, which would end the URL in a header.
///
/// ```
/// use fanout::grip::Link;
///
/// const MISSED: Link = Link::from_static("/news/missed");
/// let since = Link::new("/news?last=4;2 \u{e9}")?;
/// assert_eq!(since.as_str(), "/news?last=4%3B2%20%C3%A9");
/// # Ok::<(), fanout::grip::InvalidLink>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Link(Cow<'static, str>);

impl Link {
    /// The limit of the percent-encoded URL, in bytes. It travels in a header, and proxies limit headers.
    pub const MAX_LEN: usize = 1024;

    /// Makes a link to a constant path, which must be percent-encoded already.
    ///
    /// # Panics
    ///
    /// If it does not start with `/`, has a character that [`new`](Self::new) would encode, or is longer than
    /// [`MAX_LEN`](Self::MAX_LEN); in a `const`, that is a compile error.
    #[track_caller]
    pub const fn from_static(path: &'static str) -> Self {
        let bytes = path.as_bytes();
        assert!(
            !bytes.is_empty() && bytes[0] == b'/' && !(bytes.len() > 1 && bytes[1] == b'/'),
            "a link from a constant is a path: it starts with one `/`"
        );
        assert!(bytes.len() <= Self::MAX_LEN, "a link has at most 1,024 bytes");
        let mut index = 0;
        while index < bytes.len() {
            assert!(is_plain(bytes[index]), "a link has a character that must be written percent-encoded");
            index += 1;
        }
        Self(Cow::Borrowed(path))
    }

    /// Makes a link to a URL that is made at run time: a path with its query, or an absolute URL.
    ///
    /// # Errors
    ///
    /// If it is neither a path that starts with one `/` nor an `http` or `https` URL, or if it is longer than
    /// [`MAX_LEN`](Self::MAX_LEN).
    pub fn new(url: impl AsRef<str>) -> Result<Self, InvalidLink> {
        let written = Self::encoded(url.as_ref().as_bytes());
        if written.len() > Self::MAX_LEN {
            return Err(InvalidLink::TooLong(written.len()));
        }
        let uri: Uri = written.parse().map_err(|_| InvalidLink::NotAUrl)?;
        let scheme = uri.scheme_str();
        // After two slashes comes a host, so that is no path of this service.
        let is_path = written.starts_with('/') && !written.starts_with("//");
        if is_path || matches!(scheme, Some("http" | "https")) {
            Ok(Self(Cow::Owned(written)))
        } else {
            Err(InvalidLink::NotAUrl)
        }
    }

    /// Returns a URL with the characters percent-encoded that a link cannot contain.
    pub(crate) fn encoded(url: &[u8]) -> String {
        let mut written = String::with_capacity(url.len());
        for &byte in url {
            if is_plain(byte) {
                written.push(char::from(byte));
            } else {
                write!(written, "%{byte:02X}").expect("a string takes everything");
            }
        }
        written
    }

    /// Returns the URL.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Returns `true` if a byte needs no percent-encoding. Brackets stand around an IPv6 address.
const fn is_plain(byte: u8) -> bool {
    byte.is_ascii_graphic()
        && !matches!(byte, b',' | b';' | b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}')
}

/// Makes a link as [`Link::new`] does.
impl FromStr for Link {
    type Err = InvalidLink;

    fn from_str(url: &str) -> Result<Self, InvalidLink> {
        Self::new(url)
    }
}

impl AsRef<str> for Link {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The reason why a text is not a [`Link`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidLink {
    /// The text is neither a path nor an absolute URL.
    NotAUrl,
    /// The URL has this many bytes, more than [`Link::MAX_LEN`].
    TooLong(usize),
}

impl fmt::Display for InvalidLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAUrl => {
                f.write_str("a link is a path that starts with one `/`, or an http or https URL")
            }
            Self::TooLong(len) => {
                write!(f, "a link has at most {} bytes, this one has {len}", Link::MAX_LEN)
            }
        }
    }
}

impl std::error::Error for InvalidLink {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_path_or_an_absolute_url_is_a_link() {
        for url in ["/", "/a?b=c#d", "http://example.com", "https://[::1]:8080/a"] {
            assert_eq!(Link::new(url).unwrap().as_str(), url);
            assert_eq!(url.parse(), Link::new(url));
        }
        for url in [
            "",
            "a",
            "?last=1",
            "//example.com/a",
            "ftp://example.com/",
            "javascript:alert(1)",
            "http://",
            "http://[a/",
        ] {
            assert_eq!(Link::new(url), Err(InvalidLink::NotAUrl), "{url}");
        }
    }

    #[test]
    fn characters_that_would_end_a_link_are_encoded() {
        assert_eq!(Link::new("/a,b;c\"d<e>\r\n").unwrap().as_str(), "/a%2Cb%3Bc%22d%3Ce%3E%0D%0A");
    }

    #[test]
    fn a_link_has_at_most_1024_bytes() {
        assert!(Link::new(format!("/{}", "a".repeat(1023))).is_ok());
        assert_eq!(Link::new(format!("/{}", "a".repeat(1024))), Err(InvalidLink::TooLong(1025)));
        assert_eq!(Link::new(format!("/{}", ";".repeat(1000))), Err(InvalidLink::TooLong(3001)));
    }

    proptest! {
        #[test]
        fn a_link_stays_inside_its_header(url in "/\\PC*") {
            if let Ok(link) = Link::new(url) {
                prop_assert!(!link.as_str().contains([',', ';', '"', '<', '>', ' ']));
                prop_assert!(link.as_str().is_ascii());
            }
        }
    }
}
