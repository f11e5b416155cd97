#[fanout::sse(channel = "news", cors = "https://www.example.com:443")]
fn news() {}

#[fanout::main(news)]
fn main() {}
