#[fanout::sse(path = "/{goals}", channel = "news-{goals}", history = goals)]
fn news() {}

#[fanout::main(news)]
fn main() {}
