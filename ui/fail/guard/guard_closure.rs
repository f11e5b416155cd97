#[fanout::sse(channel = "news", guard = |_| Ok(()))]
fn news() {}

#[fanout::main(news)]
fn main() {}
