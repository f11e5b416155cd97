#[fanout::sse(channel = "news", meta = [("user", "a\nb")])]
fn news() {}

#[fanout::main(news)]
fn main() {}
