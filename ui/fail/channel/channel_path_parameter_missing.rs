#[fanout::sse(path = "/live/news", channel = "news-{topic}")]
fn news() {}

#[fanout::main(news)]
fn main() {}
