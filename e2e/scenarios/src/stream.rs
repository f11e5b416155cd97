//! Streams of text.

use fanout::http::HeaderValue;
use fanout::prelude::*;

/// Only what is published.
#[fanout::stream(path = "/stream/plain/{of}", channel = "stream-{of}")]
pub fn plain() {}

/// A line for each number first.
#[fanout::stream(path = "/stream/lines/{of}/{count}", channel = "stream-{of}", content_type = "text/csv")]
pub fn lines(count: u8) -> impl Iterator<Item = String> {
    (1..=count).map(|number| format!("{number},{}\n", number * number))
}

/// Bytes that are no text.
#[fanout::stream(
    path = "/stream/bytes/{of}",
    channel = "stream-{of}",
    content_type = "application/octet-stream"
)]
pub fn bytes() -> &'static [u8] {
    b"\xff\x00;"
}

/// A byte after a quiet time, which no header can have as it is.
#[fanout::stream(path = "/stream/idle/{of}", channel = "stream-{of}", keep_alive = idle("2s", ".;\0"))]
pub fn idle() {}

/// A text every two seconds.
#[fanout::stream(path = "/stream/every/{of}", channel = "stream-{of}", keep_alive = every("2s", "tick\n"))]
pub fn every() -> &'static str {
    "first\n"
}

/// A hold that the handler changes: another channel, a header and a status.
#[fanout::stream(path = "/stream/changed/{of}/{other}", channel = "stream-{of}")]
pub fn changed(other: &str) -> Result<WithHold<String>, Answer> {
    let channel = Channel::new(format!("stream-{other}")).map_err(IntoAnswer::into_answer)?;
    let value = HeaderValue::from_str(other).map_err(|_| Answer::text(400, "not in a header\n"))?;
    Ok(WithHold::new(format!("also {other}\n"), move |hold| {
        let hold = hold.channel(Subscription::new(channel));
        hold.header(fanout::http::HeaderName::from_static("x-other"), value)
            .status(fanout::http::StatusCode::ACCEPTED)
    }))
}

/// A status with a reason of its own.
#[fanout::stream(path = "/stream/reason/{of}", channel = "stream-{of}")]
pub fn reason() -> WithHold<()> {
    WithHold::new((), |hold| hold.reason(HeaderValue::from_static("Fine By Me")))
}

/// The headers of a client, as a handler sees them on the Fanout request.
#[fanout::stream(path = "/stream/headers/{of}", channel = "stream-{of}")]
pub fn headers(head: &RequestHead<'_>) -> String {
    crate::headers(head)
}

/// The endpoints of this module.
#[fanout::endpoints(headers, reason, plain, lines, bytes, idle, every, changed)]
pub enum Endpoints {}
