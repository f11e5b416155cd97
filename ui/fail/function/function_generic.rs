#[fanout::sse(channel = "news")]
fn news<T>() {}

#[fanout::main(news)]
fn main() {}
