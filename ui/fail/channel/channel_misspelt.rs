#[fanout::sse(path = "/news/{topic}", channel = "news-{topik}")]
fn news() {}

#[fanout::main(news)]
fn main() {}
