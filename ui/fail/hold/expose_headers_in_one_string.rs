#[fanout::sse(channel = "news", expose_headers = "X-Feed, X-Count")]
fn news() {}

#[fanout::main(news)]
fn main() {}
