#[fanout::sse(channel = "news", methods = ["GET", "GET"])]
fn news() {}

#[fanout::main(news)]
fn main() {}
