#[fanout::sse(channel = "news", channel = "sport")]
fn news() {}

#[fanout::main(news)]
fn main() {}
