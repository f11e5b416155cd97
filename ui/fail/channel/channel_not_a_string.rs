#[fanout::sse(channel = 5)]
fn news() {}

#[fanout::main(news)]
fn main() {}
