#[fanout::sse(channel = "news", path = "/100%")]
fn news() {}

#[fanout::main(news)]
fn main() {}
