#[fanout::sse(path = "/{host}", channel = "news", next = "https://{host}/missed")]
fn news() {}

#[fanout::main(news)]
fn main() {}
