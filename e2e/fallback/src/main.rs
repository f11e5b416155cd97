//! An app in front of an origin that speaks GRIP itself: what is no endpoint here is handed off to it.

/// The only endpoint.
#[fanout::sse(channel = "own")]
fn own() {}

#[fanout::main(own, fallback = "origin")]
fn main() {}
