#[fanout::sse(channel = "news", retry = 5)]
fn news() {}

#[fanout::main(news)]
fn main() {}
