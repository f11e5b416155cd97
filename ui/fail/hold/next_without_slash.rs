#[fanout::sse(channel = "news", next = "missed")]
fn news() {}

#[fanout::main(news)]
fn main() {}
