#[fanout::sse(channel = "news", guard = None)]
fn news() {}

#[fanout::main(news)]
fn main() {}
