#[fanout::sse(channel = "news", data)]
fn news() {}

#[fanout::main(news)]
fn main() {}
