#[fanout::sse(channel = "news", path = "news")]
fn news() {}

#[fanout::main(news)]
fn main() {}
