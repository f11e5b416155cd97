//! The real-time endpoints of the example app, with many requests for each instance.

#[fanout::sse(channel = "test")]
fn sse() {}

#[fanout::ws(echo, channel = "test")]
fn ws() {}

#[fanout::main(sse, ws, reuse = fanout::Reuse::new)]
fn main() {}
