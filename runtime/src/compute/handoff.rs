//! The handoff of a client request, in as few hostcalls as safe code allows.

use fastly::Request;
use fastly::handle::RequestHandle;
use fastly::http::request::SendErrorCause;
use fastly::http::{HeaderName, HeaderValue, Url};

use super::downstream::End;
use crate::endpoint::dispatch::running::{self, Running};
use crate::endpoint::request::GUARD_HEADER;
use crate::endpoint::routing;

/// Hands the request off to Fanout, which sends it to `backend`. The guard header replaces one that the client has
/// sent. An invalid URL is encoded, because the proxy would answer it with a 500. Returns the request if the handoff
/// fails.
pub(super) fn hand_off(
    request: Request,
    backend: &str,
    guard_header: Option<&HeaderValue>,
    end: End,
) -> Result<(), Box<(SendErrorCause, Request)>> {
    running::set(Running::Url);
    let url = routing::encoded(request.get_url_str()).and_then(|url| Url::parse(&url).ok());
    let mut handle = same_handle(&request);
    if let Some(url) = url {
        handle.set_url(&url);
    }
    if let Some(guard_header) = guard_header {
        handle.insert_header(&HeaderName::from_static(GUARD_HEADER), guard_header);
    }
    let handed_off = handle.handoff_fanout(backend);
    // Only the request closes it.
    std::mem::forget(handle);
    match handed_off {
        Ok(()) => {
            end.close(request);
            Ok(())
        }
        Err(cause) => Err(Box::new((cause, request))),
    }
}

/// Returns a second handle of the host's request. `Request::into_handles` would write back settings that no handoff uses,
/// with three hostcalls.
#[cfg_attr(not(target_env = "p1"), expect(deprecated, reason = "only Compute runs this, where it is not"))]
fn same_handle(request: &Request) -> RequestHandle {
    let mut handle = RequestHandle::INVALID;
    *handle.as_u32_mut() = request.as_handles().0.as_u32();
    handle
}
