#![forbid(unsafe_code, missing_docs, nonstandard_style)]
//! Every type that a handler can return.

use fanout::http::StatusCode;
use fanout::prelude::*;

#[fanout::sse(channel = "a")]
fn text() -> &'static str {
    "hello"
}

#[fanout::sse(channel = "a")]
fn json() -> Option<Json<[u8; 2]>> {
    Some(Json([1, 2]))
}

#[fanout::sse(channel = "a")]
fn iterator() -> impl Iterator<Item = Event> {
    (1..3).map(|number| Event::data(number.to_string()))
}

#[fanout::sse(channel = "a")]
fn results() -> Result<impl Iterator<Item = Result<Event, Refusal>>, Redirect> {
    Ok(IntoIterator::into_iter([Ok(Event::data("x")), Err(Refusal::event("no", "more"))]))
}

#[fanout::sse(channel = "a")]
fn boxed() -> Box<dyn Iterator<Item = String>> {
    Box::new(std::iter::once("x".to_owned()))
}

#[fanout::sse(channel = "a")]
fn list() -> Vec<Json<u8>> {
    vec![Json(1)]
}

#[fanout::stream(channel = "a")]
fn bytes() -> Vec<u8> {
    vec![0xff]
}

#[fanout::stream(channel = "a")]
fn lines() -> WithHold<impl Iterator<Item = &'static str>> {
    WithHold::new("a b".split(' '), |hold| hold.meta("user", "me"))
}

#[fanout::long_poll(channel = "a")]
fn poll(asked: Option<Query<Vec<(String, String)>>>) -> Result<Poll<Json<u8>, StatusCode>, Answer> {
    Ok(if asked.is_some() { Poll::Now(Json(1)) } else { Poll::Wait(StatusCode::NO_CONTENT) })
}

#[fanout::long_poll(channel = "a")]
fn status(last: LastEventId) -> (StatusCode, String) {
    (StatusCode::ACCEPTED, last.into_inner().unwrap_or_default())
}

#[fanout::main(text, json, iterator, results, boxed, list, bytes, lines, poll, status)]
fn main() {}
