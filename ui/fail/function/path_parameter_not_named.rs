#[fanout::sse(path = "/news/{topic}", channel = "news-{topic}")]
fn news(_: &str) {}

#[fanout::main(news)]
fn main() {}
