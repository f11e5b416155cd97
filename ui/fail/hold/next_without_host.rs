#[fanout::sse(channel = "news", next = "https:///missed")]
fn news() {}

#[fanout::main(news)]
fn main() {}
