#[fanout::sse(channel = "news", methods = "GET, POST")]
fn news() {}

#[fanout::main(news)]
fn main() {}
