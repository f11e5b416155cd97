#[fanout::sse(channel = "news")]
#[test]
fn news() {}

#[fanout::main(news)]
fn main() {}
