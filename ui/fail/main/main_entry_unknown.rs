#[fanout::sse(channel = "news")]
fn news() {}

#[fanout::main(news, sprot)]
fn main() {}
