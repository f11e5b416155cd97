#[fanout::sse(channel = "news", path = "/%6eews")]
fn news() {}

#[fanout::main(news)]
fn main() {}
