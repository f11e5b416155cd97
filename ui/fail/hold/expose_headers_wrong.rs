#[fanout::sse(channel = "news", expose_headers = "X Feed")]
fn news() {}

#[fanout::main(news)]
fn main() {}
