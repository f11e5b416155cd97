#[fanout::sse(channel = "news", methods = ["GET", "HEAD"])]
fn news() {}

#[fanout::main(news)]
fn main() {}
