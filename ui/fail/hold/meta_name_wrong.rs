#[fanout::sse(channel = "news", meta = [("the user", "a")])]
fn news() {}

#[fanout::main(news)]
fn main() {}
