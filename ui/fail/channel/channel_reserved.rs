#[fanout::sse(channel = "fanout-recovery")]
fn news() {}

#[fanout::main(news)]
fn main() {}
