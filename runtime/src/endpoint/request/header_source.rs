use std::cmp::Ordering;

use http::{HeaderMap, HeaderName, HeaderValue};

/// The headers of a [`RequestHead`](super::RequestHead): an [`http::HeaderMap`][map] in tests.
///
/// [map]: https://docs.rs/http/1/http/header/struct.HeaderMap.html
///
/// The trait is sealed: it also knows the order of the headers, and the trust decision relies on that order.
///
/// ```compile_fail,E0277
/// struct Own;
///
/// impl fanout::endpoint::Headers for Own {}
/// ```
pub trait Headers: HeaderSource {}

impl<H: HeaderSource> Headers for H {}

/// The methods of [`Headers`], which no other crate can implement.
pub trait HeaderSource {
    /// All values of a header, in order.
    fn values(&self, name: &HeaderName) -> Vec<&HeaderValue>;

    /// Compares the places of two headers in the request, if they are known.
    fn order(&self, one: &HeaderName, other: &HeaderName) -> Option<Ordering>;
}

impl HeaderSource for HeaderMap {
    fn values(&self, name: &HeaderName) -> Vec<&HeaderValue> {
        self.get_all(name).into_iter().collect()
    }

    /// A map does not keep the order of different headers.
    fn order(&self, _one: &HeaderName, _other: &HeaderName) -> Option<Ordering> {
        None
    }
}
