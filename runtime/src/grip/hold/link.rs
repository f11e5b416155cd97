use std::borrow::Cow;
use std::fmt::{self, Write as _};
use std::str::FromStr;

use http::Uri;

/// A URL: a path on the same service, or an absolute one.
///
/// A relative path is taken from the address of the request that is held. What cannot stand in a URL, and the `,` and
/// `;` that would end it in a header, is written percent-encoded, which means the same.
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
    /// The longest URL, in bytes, percent-encoded: it travels in a header, which proxies keep short.
    pub const MAX_LEN: usize = 1024;

    /// The link to a path that is known when the app is built. It must be written as it is sent, percent-encoded.
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

    /// The link to a URL that is made at run time: a path with its query, or an absolute URL.
    ///
    /// # Errors
    ///
    /// If it is neither a path that starts with one `/` nor an `http` or `https` URL, or if it is longer than
    /// [`MAX_LEN`](Self::MAX_LEN).
    pub fn new(url: impl AsRef<str>) -> Result<Self, InvalidLink> {
        let mut written = String::with_capacity(url.as_ref().len());
        for byte in url.as_ref().bytes() {
            if is_plain(byte) {
                written.push(char::from(byte));
            } else {
                write!(written, "%{byte:02X}").expect("a string takes everything");
            }
        }
        if written.len() > Self::MAX_LEN {
            return Err(InvalidLink::TooLong(written.len()));
        }
        let uri: Uri = written.parse().map_err(|_| InvalidLink::NotAUrl)?;
        let scheme = uri.scheme_str();
        // Behind two slashes stands a host, which is no path of this service.
        let is_path = written.starts_with('/') && !written.starts_with("//");
        if is_path || matches!(scheme, Some("http" | "https")) {
            Ok(Self(Cow::Owned(written)))
        } else {
            Err(InvalidLink::NotAUrl)
        }
    }

    /// The URL.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether a byte is written as it is. Brackets stand around an IPv6 address.
const fn is_plain(byte: u8) -> bool {
    byte.is_ascii_graphic()
        && !matches!(byte, b',' | b';' | b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}')
}

/// As [`Link::new`].
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

/// Why a text is no [`Link`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidLink {
    /// It is neither a path nor an absolute URL.
    NotAUrl,
    /// It has this many bytes, more than [`Link::MAX_LEN`].
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
    fn what_would_end_it_is_encoded() {
        assert_eq!(Link::new("/a,b;c\"d<e>\r\n").unwrap().as_str(), "/a%2Cb%3Bc%22d%3Ce%3E%0D%0A");
    }

    #[test]
    fn it_has_at_most_1024_bytes() {
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
