#[fanout::sse(channel = "news", methods = ["GET", "SUBSCRIBE"])]
fn news() {}

#[fanout::main(news)]
fn main() {}
