//! The handoff of a client request, in as few hostcalls as safe code allows.

use fastly::Request;
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
    let (mut request, body) = request.into_handles();
    if let Some(url) = url {
        request.set_url(&url);
    }
    if let Some(guard_header) = guard_header {
        request.insert_header(&HeaderName::from_static(GUARD_HEADER), guard_header);
    }
    match request.handoff_fanout(backend) {
        Ok(()) => {
            end.close((request, body));
            Ok(())
        }
        Err(cause) => Err(Box::new((cause, Request::from_handles(request, body)))),
    }
}
