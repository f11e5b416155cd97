#[fanout::sse(channel = "news")]
fn news() {}

#[fanout::main(endpoints = [news])]
fn main() {}
