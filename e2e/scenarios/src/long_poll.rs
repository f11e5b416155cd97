//! Long polls.

use fanout::http::{Method, StatusCode};
use fanout::prelude::*;
use serde::Serialize;

/// The next item, or this text after five seconds.
#[fanout::long_poll(path = "/long_poll/short/{of}", channel = "poll-{of}", timeout = 5)]
pub fn short() -> &'static str {
    "nothing yet\n"
}

/// The next item. The timeout is longer than any scenario.
#[fanout::long_poll(
    path = "/long_poll/long/{of}",
    channel = "poll-{of}",
    timeout = "10m",
    content_type = "text/csv",
    status = 203,
    headers = ("X-Feed", "live")
)]
pub fn long() -> String {
    "1,2\n".to_owned()
}

/// A status and JSON at the timeout.
#[fanout::long_poll(path = "/long_poll/status/{of}", channel = "poll-{of}", timeout = 5)]
pub fn status() -> (StatusCode, Json<[u8; 2]>) {
    (StatusCode::ACCEPTED, Json([1, 2]))
}

/// The request that [`now`] received.
#[derive(Serialize)]
pub struct Received {
    method: String,
    seen: Option<String>,
}

/// An answer at once, for a client that has seen an item; else the hold.
#[fanout::long_poll(path = "/long_poll/now/{of}", channel = "poll-{of}", methods = ["GET", "POST"], timeout = "10m")]
pub fn now(method: Method, seen: LastEventId) -> Poll<Json<Received>, ()> {
    match seen.into_inner() {
        None => Poll::Wait(()),
        seen => Poll::Now(Json(Received { method: method.to_string(), seen })),
    }
}

/// An error in place of a hold.
#[fanout::long_poll(path = "/long_poll/fails/{of}", channel = "poll-{of}")]
pub fn fails() -> Result<(), (StatusCode, &'static str)> {
    Err((StatusCode::CONFLICT, "not now\n"))
}

/// The endpoints of this module.
#[fanout::endpoints(short, long, status, now, fails)]
pub enum Endpoints {}
