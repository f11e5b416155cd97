const NEWS: &str = "news";

#[fanout::sse(channel = NEWS)]
fn news() {}

#[fanout::main(news)]
fn main() {}
