#[fanout::sse(channel = "news", expose_headers = "*")]
fn news() {}

#[fanout::main(news)]
fn main() {}
