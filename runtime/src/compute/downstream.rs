//! The boundary to Compute, as few hostcalls wide as safe code allows.
//!
//! Reading goes through [`Request`], which remembers what it fetched, so that an app's own code after us pays
//! for nothing twice. Sending goes through handles: `Response` would make one hostcall more for each part, and
//! `Request::handoff_fanout` copies the whole request first, header by header.

use std::cell::OnceCell;
use std::io::Write as _;

use fastly::Request;
use fastly::handle::{BodyHandle, ResponseHandle};
use fastly::http::{HeaderName, HeaderValue, StatusCode};

use crate::Answer;
use crate::endpoint::Headers;

/// The headers of the client's request. All names are one hostcall, the values of a name that is there are one
/// more, and what is not there costs nothing.
pub(super) struct ClientHeaders<'r> {
    request: &'r Request,
    names: OnceCell<Vec<&'r HeaderName>>,
}

impl<'r> ClientHeaders<'r> {
    pub(super) fn new(request: &'r Request) -> Self {
        Self { request, names: OnceCell::new() }
    }
}

impl Headers for ClientHeaders<'_> {
    fn values(&self, name: &HeaderName) -> Vec<&HeaderValue> {
        let names = self.names.get_or_init(|| self.request.get_header_names().collect());
        if names.contains(&name) { self.request.get_header_all(name).collect() } else { Vec::new() }
    }
}

/// Sends an answer to whoever asked.
pub(super) fn send(answer: &Answer) {
    let mut response = ResponseHandle::new();
    if answer.status() != StatusCode::OK {
        response.set_status(answer.status());
    }
    for (name, value) in answer.headers() {
        response.append_header(name, value);
    }
    let mut body = BodyHandle::new();
    if !answer.body().is_empty() {
        body.write_all(answer.body()).expect("a body that is being made takes everything");
    }
    response.send_to_client(body);
}

/// Hands the request off to Fanout, which will ask `backend`.
pub(super) fn hand_off(request: Request, backend: &str) -> Result<(), fastly::http::request::SendErrorCause> {
    let (mut request, _body) = request.into_handles();
    request.handoff_fanout(backend)
}
