//! The length of a request's body, which the endpoint or the proxy limits.

use crate::endpoint::response::Reason;
use crate::endpoint::{Answer, Kind, RequestHead, Route};

/// Refuses a body over the limit, by its `Content-Length`. A guard may be costly, so it runs after this.
pub(super) fn accepted(route: &Route, head: &RequestHead<'_>) -> Result<(), Answer> {
    if route.kind() == Kind::WebSocket {
        return Ok(());
    }
    let mut lengths = head.list("content-length");
    let Some(len) = lengths.next() else { return Ok(()) };
    let text = str::from_utf8(len)
        .ok()
        .filter(|text| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()));
    let Some(text) = text.filter(|_| lengths.all(|other| other == len)) else {
        return Err(Answer::refused(Reason::InvalidHeader, "the content length is not one number"));
    };
    // A number that does not parse is over the limit.
    let limit = route.settings.max_body;
    if text.parse().is_ok_and(|len: usize| len <= limit) {
        return Ok(());
    }
    let text = format!("the body has {text} bytes, and the limit is {limit}");
    Err(Answer::refused(Reason::BodyTooLarge, text))
}
