#[fanout::sse(channel = "news", path = "/news/{topic id}")]
fn news() {}

#[fanout::main(news)]
fn main() {}
