#[fanout::sse(channel == "breaking news")]
fn news() {}

#[fanout::main(news)]
fn main() {}
