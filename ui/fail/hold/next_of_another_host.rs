#[fanout::sse(channel = "news", next = "//other.example/missed")]
fn news() {}

#[fanout::main(news)]
fn main() {}
