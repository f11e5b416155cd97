#[fanout::sse(channel = "news", name = Self)]
fn news() {}

#[fanout::main(news)]
fn main() {}
