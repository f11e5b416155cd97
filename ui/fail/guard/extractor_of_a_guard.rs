#[fanout::sse(channel = "news")]
fn news(_: fanout::ClientAddr) {}

#[fanout::main(news)]
fn main() {}
