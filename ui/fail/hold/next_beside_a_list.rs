#[fanout::sse(channel = "news, sport", next = "/news/missed")]
fn news() {}

#[fanout::main(news)]
fn main() {}
