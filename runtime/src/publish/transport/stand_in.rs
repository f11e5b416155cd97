//! The proxy that takes the publish requests of an app under test, in place of one behind a backend.

use std::cell::RefCell;
use std::rc::Rc;

use http::{Request, Response};

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
