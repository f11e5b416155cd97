#[fanout::sse(channel = "news")]
fn news() {}

#[fanout::main(news)]
#[fanout::sse(channel = "main")]
fn main() {}
