//! An app in front of an origin that speaks GRIP itself. It hands off every request that matches no endpoint.

use fanout::http::{HeaderName, HeaderValue};
use fanout::prelude::*;

/// Adds the reason to the default answer.
fn with_reason(rejection: Rejection<'_>) -> Answer {
    let reason = format!("{:?} of {:?}", rejection.reason(), rejection.head().map(RequestHead::path));
    let reason = HeaderValue::try_from(reason).expect("it is ASCII");
    rejection.into_answer().with_header(HeaderName::from_static("x-reason"), reason)
}

/// The only endpoint.
#[fanout::sse(channel = "own")]
fn own() {}

#[fanout::main(own, fallback = "origin", refuse = with_reason)]
fn main() {}
