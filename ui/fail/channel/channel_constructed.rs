#[fanout::sse(channel = fanout::Channel::new("news"))]
fn news() {}

#[fanout::main(news)]
fn main() {}
