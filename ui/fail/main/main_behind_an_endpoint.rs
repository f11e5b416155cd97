#[fanout::sse(channel = "news")]
fn news() {}

#[fanout::sse(channel = "main")]
#[fanout::main(news)]
fn main() {}
