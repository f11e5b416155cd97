#[fanout::sse(channel = "news", replay = 10)]
fn news() {}

#[fanout::main(news)]
fn main() {}
