//! What no endpoint matches goes elsewhere.

#[fanout::sse(channel = "news")]
fn news() {}

#[fanout::main(news, fallback = "origin")]
fn main() {}
