#[fanout::sse(channel = "news", next_after = "60s")]
fn news() {}

#[fanout::main(news)]
fn main() {}
