#[fanout::sse(channel = "news", path = "/news?topic=a")]
fn news() {}

#[fanout::main(news)]
fn main() {}
