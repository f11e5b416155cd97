#[fanout::sse(channel = "news", origins = ["https://a.example"])]
fn news() {}

#[fanout::main(news)]
fn main() {}
