//! The options of a hold.

use fanout::prelude::*;

/// Events with everything, at a path of two literals.
#[fanout::sse(
    path = concat!("/language/", "hold/sse/{name}"),
    channel = "hold-{name}",
    keep_alive = every(1, "event: awake\ndata: \n\n"),
    headers = [("X-Feed", "a, \"b\"; c"), ("X-Hidden", "yes"), ("Cache-Control", "private")],
    expose_headers = ["X-Feed"],
    status = 202
)]
fn sse() -> Event {
    Event::named("first", "1")
}

/// Dots.
#[fanout::stream(
    path = "/language/hold/stream/{name}",
    channel = "hold-{name}",
    keep_alive = idle("1s", ".;\0"),
    content_type = "text/csv",
    gone = "/language/hold/left/{name}"
)]
fn stream() {}

/// One answer.
#[fanout::long_poll(
    path = "/language/hold/poll/{name}",
    channel = "hold-{name}",
    timeout = "5s",
    content_type = "text/csv",
    status = 203,
    headers = ("X-Feed", "live")
)]
fn poll(name: &str) -> String {
    format!("{name},5\n")
}

/// Only what is published.
#[fanout::sse(path = "/language/hold/off", channel = "hold-off", keep_alive = off)]
fn off() {}

/// A stream whose `next` link the proxy requests after each quiet second.
#[fanout::stream(
    path = "/language/hold/quiet",
    channel = "hold-quiet",
    next = "/language/hold/quiet?again",
    next_after = 1
)]
fn quiet(head: &RequestHead<'_>) -> &'static str {
    if head.query() == Some("again") { "still quiet\n" } else { "first\n" }
}

/// Handed off to a backend of another name.
#[fanout::sse(path = "/language/hold/elsewhere", channel = "hold-elsewhere", backend = "elsewhere")]
fn elsewhere() {}

fn broken() -> Result<Channel, Answer> {
    Err(Answer::text(418, "no channel\n"))
}

/// A channel function that refuses.
#[fanout::ws(path = "/language/hold/refused", channel = broken)]
fn refused() {}

/// Two channels at once.
#[fanout::sse(path = "/hold/two-channels", channel = ["hold-one", "hold-two"])]
pub fn two_channels() {}

/// The endpoints of this module.
#[fanout::endpoints(sse, stream, poll, off, quiet, elsewhere, refused)]
pub enum Endpoints {}
