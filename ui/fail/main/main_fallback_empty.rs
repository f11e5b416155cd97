#[fanout::sse(channel = "news")]
fn news() {}

#[fanout::main(news, fallback = "")]
fn main() {}
