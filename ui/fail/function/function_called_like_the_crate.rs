#[fanout::sse(channel = "news")]
fn fanout() {}

#[fanout::main()]
fn main() {}
