#[fanout::sse(path = "/news/{topic}", channel = "news-{topic")]
fn news() {}

#[fanout::main(news)]
fn main() {}
