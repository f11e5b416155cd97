#[fanout::sse(channel = "news", path = "/news/{topic")]
fn news() {}

#[fanout::main(news)]
fn main() {}
