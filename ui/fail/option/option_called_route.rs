#[fanout::sse(channel = "a", route = "/a")]
fn news() {}

#[fanout::main(news)]
fn main() {}
