#[fanout::sse(channel, "news")]
fn news() {}

#[fanout::main(news)]
fn main() {}
