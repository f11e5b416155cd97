#[fanout::sse(channel = "news")]
fn news() {}

#[fanout::main(news)]
fn main(#[cfg(any())] request: fanout::prelude::Request) {}
