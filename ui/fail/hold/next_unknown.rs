#[fanout::sse(channel = "news", next = "/news/{topic}")]
fn news() {}

#[fanout::main(news)]
fn main() {}
