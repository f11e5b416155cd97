#[fanout::sse(channel = "news")]
fn news() {}

#[fanout::main(news, fallback = "https://www.example.com")]
fn main() {}
