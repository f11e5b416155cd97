//! The proxy that takes the publish requests of an app under test, in place of one behind a backend.

use std::cell::RefCell;
use std::rc::Rc;

use http::{Request, Response};

use super::Transport;
use crate::publish::{Publisher, Target, TransportError};

/// Takes a publish request.
pub(crate) type Proxy = Rc<dyn Fn(&Request<Vec<u8>>) -> Response<Vec<u8>>>;

thread_local! {
    static PROXY: RefCell<Option<Proxy>> = const { RefCell::new(None) };
}

/// Sets the proxy of this thread, and returns the one before.
pub(crate) fn set(proxy: Option<Proxy>) -> Option<Proxy> {
    PROXY.replace(proxy)
}

/// Sends a request to the proxy of this thread, if there is one.
pub(crate) fn send(request: &Request<Vec<u8>>) -> Option<Response<Vec<u8>>> {
    let proxy = PROXY.with_borrow(Clone::clone)?;
    Some(proxy(request))
}

/// Returns true while an app under test runs.
pub(crate) fn is_set() -> bool {
    PROXY.with_borrow(Option::is_some)
}

/// The transport to the proxy of this thread.
pub(crate) struct StandIn;

impl Transport for StandIn {
    fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError> {
        send(&request).ok_or_else(|| TransportError::permanent("the app under test has ended"))
    }
}

/// A publisher to a proxy in a test, which asks for no credentials.
pub(crate) fn publisher<T: Transport>(transport: T) -> Publisher<T> {
    let target = Target::from_grip_url("http://127.0.0.1:5561/").expect("it is a GRIP_URL");
    Publisher::new(target, transport)
}
