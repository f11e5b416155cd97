#[fanout::sse(channel: "news", path = "/live/news")]
fn news() {}

#[fanout::main(news)]
fn main() {}
