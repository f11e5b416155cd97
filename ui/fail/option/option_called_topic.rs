#[fanout::sse(channel = "a", topic = "/a")]
fn news() {}

#[fanout::main(news)]
fn main() {}
