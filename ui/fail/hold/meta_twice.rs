#[fanout::sse(channel = "news", meta = [("user", "a"), ("user", "b")])]
fn news() {}

#[fanout::main(news)]
fn main() {}
