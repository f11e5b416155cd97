#[fanout::sse(channel = "news", cors = "*.example.com")]
fn news() {}

#[fanout::main(news)]
fn main() {}
