#[fanout::sse(channel = "news", history = || 5)]
fn news() {}

#[fanout::main(news)]
fn main() {}
