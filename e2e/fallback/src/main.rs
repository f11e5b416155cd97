//! An app in front of an origin that speaks GRIP itself. It hands off every request that matches no endpoint.

/// The only endpoint.
#[fanout::sse(channel = "own")]
fn own() {}

#[fanout::main(own, fallback = "origin")]
fn main() {}
