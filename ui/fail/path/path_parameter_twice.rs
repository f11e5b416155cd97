#[fanout::sse(channel = "news", path = "/{topic}/{topic}")]
fn news() {}

#[fanout::main(news)]
fn main() {}
