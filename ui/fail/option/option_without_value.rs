#[fanout::sse(channel = "news", path)]
fn news() {}

#[fanout::main(news)]
fn main() {}
