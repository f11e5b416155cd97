#[fanout::sse(channel = [])]
fn news() {}

#[fanout::main(news)]
fn main() {}
