#[fanout::sse(path = "/news/{topic}", channel = "news-{topic}")]
fn news((_, _): (String, String)) {}

#[fanout::main(news)]
fn main() {}
