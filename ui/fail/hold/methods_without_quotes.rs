#[fanout::sse(channel = "news", methods = POST)]
fn news() {}

#[fanout::main(news)]
fn main() {}
