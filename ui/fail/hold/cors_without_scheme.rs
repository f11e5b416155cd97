#[fanout::sse(channel = "news", cors = "www.example.com")]
fn news() {}

#[fanout::main(news)]
fn main() {}
