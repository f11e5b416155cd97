//! The boundary to Compute, with as few hostcalls as safe code allows.
//!
//! Reading goes through [`Request`], which caches what it fetches, so that later code of the app pays for nothing
//! twice. Sending goes through handles: `Response` makes one more hostcall for each part, and
//! `Request::handoff_fanout` copies the whole request, header by header.

use std::any::Any;
use std::cell::{Cell, OnceCell, RefCell};
use std::io::{Read as _, Write as _};
use std::net::IpAddr;

use fastly::handle::{BodyHandle, ResponseHandle};
use fastly::http::{HeaderName, HeaderValue, StatusCode};
use fastly::{Body, Request};

use crate::Answer;
use crate::endpoint::dispatch::running::{self, Running};
use crate::endpoint::request::{HeaderSource, Host, NoBody, RequestHead, split_query};

/// The request of this run of the app, and its body.
pub(super) struct Downstream {
    pub(super) request: Request,
    /// The body, until it is taken. A request that the app has made may have none.
    pub(super) body: RefCell<Option<Body>>,
    taken: Cell<bool>,
}

impl Downstream {
    pub(super) fn new(mut request: Request) -> Self {
        let body = RefCell::new(request.try_take_body());
        Self { request, body, taken: Cell::new(false) }
    }

    /// Takes the body unread, or what another argument has left of it.
    pub(super) fn take(&self) -> Option<Body> {
        self.taken.set(true);
        self.body.take()
    }
}

impl Host for Downstream {
    fn take_body(&self, limit: usize) -> Result<Vec<u8>, NoBody> {
        if self.taken.replace(true) {
            return Err(NoBody::Taken);
        }
        let mut bytes = Vec::new();
        // The body stays in its place, because closing it is a hostcall.
        if let Some(body) = self.body.borrow_mut().as_mut() {
            let longest = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
            let read = body.take(longest).read_to_end(&mut bytes);
            read.map_err(|error| NoBody::BrokenOff(error.to_string()))?;
        }
        if bytes.len() > limit { Err(NoBody::TooLong) } else { Ok(bytes) }
    }

    fn client_addr(&self) -> Option<IpAddr> {
        self.request.get_client_ip_addr()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// The headers of the request. A header costs one hostcall. After the first missing one, all names are fetched at
/// once, and missing headers cost nothing.
pub(super) struct ClientHeaders<'r> {
    request: &'r Request,
    names: OnceCell<Vec<&'r HeaderName>>,
    missed: Cell<bool>,
}

impl<'r> ClientHeaders<'r> {
    pub(super) fn new(request: &'r Request) -> Self {
        Self { request, names: OnceCell::new(), missed: Cell::new(false) }
    }
}

impl HeaderSource for ClientHeaders<'_> {
    fn values(&self, name: &HeaderName) -> Vec<&HeaderValue> {
        if self.missed.get() {
            let names = self.names.get_or_init(|| self.request.get_header_names().collect());
            if !names.contains(&name) {
                return Vec::new();
            }
        }
        let values: Vec<_> = self.request.get_header_all(name).collect();
        self.missed.set(self.missed.get() || values.is_empty());
        values
    }

    fn came_before(&self, one: &HeaderName, other: &HeaderName) -> bool {
        match self.request.get_original_header_names() {
            Ok(Some(names)) => {
                let place = |name: &HeaderName| {
                    names.iter().position(|this| this.eq_ignore_ascii_case(name.as_str()))
                };
                place(one).zip(place(other)).is_some_and(|(one, other)| one < other)
            }
            Ok(None) => false,
            // A name is longer than clients have reason to send, and hides the others.
            Err(_) => true,
        }
    }
}

/// Calls `with` with the head of a request, as an endpoint without a guard sees it.
pub(super) fn with_head<T>(request: &Request, with: impl FnOnce(&RequestHead<'_>) -> T) -> T {
    let headers = ClientHeaders::new(request);
    let query = request.get_query_str().map(|query| split_query(query).0);
    with(&RequestHead::new(request.get_method(), request.get_path(), query.as_deref(), &headers))
}

/// Sends an answer.
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
    running::set(Running::Answered);
    response.send_to_client(body);
}

/// The end of a served request.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// Ends the program. The host closes what is open.
    Program,
    /// Goes on. The rest of the request is closed, with a hostcall each.
    Request,
}

impl End {
    /// Closes the rest of a served request.
    pub(super) fn close<T>(self, rest: T) {
        match self {
            Self::Program => std::mem::forget(rest),
            Self::Request => drop(rest),
        }
    }
}
