//! The boundary to Compute, with as few hostcalls as safe code allows.
//!
//! Reading goes through [`Request`], which caches what it fetches, so that later code of the app pays for nothing
//! twice. Sending goes through handles: `Response` makes one more hostcall for each part, and
//! `Request::handoff_fanout` copies the whole request, header by header.

use std::any::Any;
use std::cell::{Cell, OnceCell, RefCell};
use std::cmp::Ordering;
use std::io::{Read as _, Write as _};
use std::net::IpAddr;

use fastly::handle::{BodyHandle, ResponseHandle};
use fastly::http::{HeaderName, HeaderValue, Method, StatusCode};
use fastly::{Body, Request};

use crate::Answer;
use crate::endpoint::dispatch::running::{self, Running};
use crate::endpoint::request::{HeaderSource, Host, MethodSource, NoBody, RequestHead, split_query};

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

impl MethodSource for Downstream {
    fn method(&self) -> &Method {
        self.request.get_method()
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
    /// True if the app cannot have changed the request.
    is_as_received: bool,
    /// `None` inside if a name does not fit into the buffer.
    names: OnceCell<Option<Vec<HeaderName>>>,
    /// The names in their order, as they were sent; `None` inside if a name does not fit into the buffer.
    order: OnceCell<Option<Vec<String>>>,
    missed: Cell<bool>,
}

/// The buffer for names, in bytes. Clients send some hundred bytes of names, and the SDK's own buffer of 128 bytes would
/// make the number of hostcalls depend on them.
const NAMES: usize = 16 * 1024;

impl<'r> ClientHeaders<'r> {
    pub(super) fn new(request: &'r Request, end: End) -> Self {
        let is_as_received = end.is_of_main();
        Self {
            request,
            is_as_received,
            names: OnceCell::new(),
            order: OnceCell::new(),
            missed: Cell::new(false),
        }
    }

    /// Returns true if the request is known to have no such header.
    fn lacks(&self, name: &HeaderName) -> bool {
        if let Some(Some(order)) = self.order.get() {
            return !order.iter().any(|this| this.eq_ignore_ascii_case(name.as_str()));
        }
        let fetch = || match self.is_as_received {
            true => self.request.as_handles().0.get_header_names(NAMES).collect::<Result<_, _>>().ok(),
            false => Some(self.request.get_header_names().cloned().collect()),
        };
        self.names.get_or_init(fetch).as_ref().is_some_and(|names: &Vec<_>| !names.contains(name))
    }
}

impl HeaderSource for ClientHeaders<'_> {
    fn values(&self, name: &HeaderName) -> Vec<&HeaderValue> {
        // A connection without state has no meta, so the first of them would be missing.
        let is_often_missing = self.missed.get() || name.as_str().starts_with("meta-");
        if is_often_missing && self.lacks(name) {
            return Vec::new();
        }
        let values: Vec<_> = self.request.get_header_all(name).collect();
        self.missed.set(self.missed.get() || values.is_empty());
        values
    }

    fn order(&self, one: &HeaderName, other: &HeaderName) -> Option<Ordering> {
        let of = |names: &[String]| {
            let place =
                |name: &HeaderName| names.iter().position(|this| this.eq_ignore_ascii_case(name.as_str()));
            place(one).zip(place(other)).map(|(one, other)| one.cmp(&other))
        };
        // A name that does not fit is longer than clients have reason to send, and hides the others.
        const HIDDEN: Option<Ordering> = Some(Ordering::Less);
        if self.is_as_received {
            let handle = self.request.as_handles().0;
            let fetch = || handle.client_original_header_names(NAMES).collect::<Result<Vec<_>, _>>().ok();
            return self.order.get_or_init(fetch).as_deref().map_or(HIDDEN, of);
        }
        match self.request.get_original_header_names() {
            Ok(names) => names.and_then(of),
            Err(_) => HIDDEN,
        }
    }
}

/// Calls `with` with the head of a request, as an endpoint without a guard sees it.
pub(super) fn with_head<T>(request: &Request, with: impl FnOnce(&RequestHead<'_>) -> T) -> T {
    let headers = ClientHeaders::new(request, End::Request);
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
    /// Goes on with the next request of Compute. The rest of this one is closed, with a hostcall each.
    #[cfg_attr(
        not(target_family = "wasm"),
        expect(dead_code, reason = "a loop of requests runs on Compute only")
    )]
    Next,
    /// Goes on in code of the app. The rest of the request is closed, with a hostcall each.
    Request,
}

thread_local! {
    /// The end of the requests of the generated `main`.
    static OF_MAIN: Cell<End> = const { Cell::new(End::Program) };
}

impl End {
    /// The end of the requests of the generated `main`.
    pub(super) fn of_main() -> Self {
        OF_MAIN.get()
    }

    /// Sets the end of the requests of the generated `main`.
    #[cfg(target_family = "wasm")]
    pub(super) fn set_of_main(self) {
        OF_MAIN.set(self);
    }

    /// Returns true if the generated `main` serves the request, so that the app has not changed it.
    pub(super) fn is_of_main(self) -> bool {
        self != Self::Request
    }

    /// Closes the rest of a served request.
    pub(super) fn close<T>(self, rest: T) {
        match self {
            Self::Program => std::mem::forget(rest),
            Self::Next | Self::Request => drop(rest),
        }
    }
}
