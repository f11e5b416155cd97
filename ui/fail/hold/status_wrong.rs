#[fanout::sse(channel = "news", status = 99)]
fn news() {}

#[fanout::main(news)]
fn main() {}
