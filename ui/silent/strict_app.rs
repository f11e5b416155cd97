//! A whole app in a crate that forbids every lint it can.

#![forbid(unsafe_code, missing_docs, nonstandard_style, unused, future_incompatible, rust_2018_idioms)]

use fanout::prelude::*;

/// The news.
#[fanout::sse(channel = "news")]
fn news() {}

/// The log.
#[fanout::stream(channel = ["log", "audit"])]
fn log() {}

/// The score.
#[fanout::long_poll(channel = "score", timeout = 30)]
fn score() {}

/// The name of the client.
#[fanout::ws(echo)]
fn chat() {}

/// Serves the rest.
#[fanout::main(news, log, score, chat)]
fn main(request: Request) -> Result<Response, Error> {
    Ok(Response::from_body(request.into_body()))
}
