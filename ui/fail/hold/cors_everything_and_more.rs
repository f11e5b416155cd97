#[fanout::sse(channel = "news", cors = ["https://www.example.com", "*"])]
fn news() {}

#[fanout::main(news)]
fn main() {}
