#[fanout::sse(path = "https://example.com/news", channel = "news")]
fn news() {}

#[fanout::main(news)]
fn main() {}
