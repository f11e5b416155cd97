#[fanout::sse("channel = news, timeout = 30")]
fn news() {}

#[fanout::main(news)]
fn main() {}
