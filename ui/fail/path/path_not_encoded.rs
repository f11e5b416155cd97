#[fanout::sse(channel = "news", path = "/breaking news")]
fn news() {}

#[fanout::main(news)]
fn main() {}
