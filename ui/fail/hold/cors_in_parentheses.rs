#[fanout::sse(channel = "news", cors(origins = ["https://a.example", "https://b.example"]))]
fn news() {}

#[fanout::main(news)]
fn main() {}
