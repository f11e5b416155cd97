use http::{HeaderName, HeaderValue, StatusCode};

/// A response: that of the client, or with the instruction in it that of the proxy.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: StatusCode,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    pub(crate) body: Vec<u8>,
}
