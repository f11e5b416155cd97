//! Requests that no endpoint matches go to another backend.

#[fanout::sse(channel = "news")]
fn news() {}

#[fanout::main(news, fallback = "origin")]
fn main() {}
