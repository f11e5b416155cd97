#[fanout::sse(channel = "news", next = "/news missed")]
fn news() {}

#[fanout::main(news)]
fn main() {}
