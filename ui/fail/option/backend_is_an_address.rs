#[fanout::sse(channel = "news", backend = "https://www.example.com")]
fn news() {}

#[fanout::main(news)]
fn main() {}
