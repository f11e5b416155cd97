#[fanout::sse(channel = "news")]
fn fanout() {}

#[fanout::main(fanout)]
fn main() {}
