#[fanout::sse(channel = "news")]
fn news(_: fanout::Guarded<u8>) {}

#[fanout::main(news)]
fn main() {}
