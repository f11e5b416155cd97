#[fanout::sse(channel = "news", status = "202 Accepted")]
fn news() {}

#[fanout::main(news)]
fn main() {}
