#[fanout::sse(channel = "news", 5)]
fn news() {}

#[fanout::main(news)]
fn main() {}
