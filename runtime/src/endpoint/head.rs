use http::{HeaderMap, HeaderName, HeaderValue, Method};

/// What an endpoint can know of a request: everything but the body.
///
/// It borrows, so that on Compute a header is fetched from the host when it is asked for and not before. In a
/// test it is made of plain values:
///
/// ```
/// use fanout::RequestHead;
/// use fanout::http::{HeaderMap, Method};
///
/// let mut headers = HeaderMap::new();
/// headers.insert("last-event-id", "42".parse()?);
/// let head = RequestHead::new(&Method::GET, "/news", Some("topic=a"), &headers);
/// assert_eq!(head.header("last-event-id").unwrap(), "42");
/// # Ok::<(), fanout::http::header::InvalidHeaderValue>(())
/// ```
#[derive(Clone, Copy)]
pub struct RequestHead<'r> {
    method: &'r Method,
    path: &'r str,
    query: Option<&'r str>,
    headers: &'r dyn Headers,
}

impl<'r> RequestHead<'r> {
    /// The head of a request to `path` (as it was sent, percent-encoded) with `query` (without its `?`).
    pub fn new(method: &'r Method, path: &'r str, query: Option<&'r str>, headers: &'r dyn Headers) -> Self {
        Self { method, path, query, headers }
    }

    /// The method.
    pub fn method(&self) -> &'r Method {
        self.method
    }

    /// The path as it was sent: percent-encoded, with its leading `/`.
    pub fn path(&self) -> &'r str {
        self.path
    }

    /// The query as it was sent, without its `?`.
    pub fn query(&self) -> Option<&'r str> {
        self.query
    }

    /// The first value of a header; `name` in lower case.
    ///
    /// # Panics
    ///
    /// If `name` is no lower-case header name, as [`HeaderName::from_static`] does.
    pub fn header(&self, name: &'static str) -> Option<&'r HeaderValue> {
        self.headers(name).into_iter().next()
    }

    /// Every value of a header, in order; `name` in lower case.
    ///
    /// # Panics
    ///
    /// If `name` is no lower-case header name, as [`HeaderName::from_static`] does.
    pub fn headers(&self, name: &'static str) -> Vec<&'r HeaderValue> {
        self.headers.values(&HeaderName::from_static(name))
    }
}

impl std::fmt::Debug for RequestHead<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (method, path, query) = (&self.method, &self.path, &self.query);
        write!(f, "RequestHead({method} {path}{}{})", query.map_or("", |_| "?"), query.unwrap_or(""))
    }
}

/// Where the headers of a [`RequestHead`] come from.
pub trait Headers {
    /// Every value of a header, in order.
    fn values(&self, name: &HeaderName) -> Vec<&HeaderValue>;
}

impl Headers for HeaderMap {
    fn values(&self, name: &HeaderName) -> Vec<&HeaderValue> {
        self.get_all(name).into_iter().collect()
    }
}
