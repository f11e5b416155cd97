#[fanout::sse(channel = "a", fallback = "origin")]
fn news() {}

#[fanout::main(news)]
fn main() {}
