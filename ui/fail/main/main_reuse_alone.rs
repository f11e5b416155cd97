#[fanout::sse(channel = "news")]
fn news() {}

#[fanout::main(news, reuse =)]
fn main() {}
