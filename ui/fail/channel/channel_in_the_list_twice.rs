#[fanout::sse(channel = ["news", "sport", "news"])]
fn news() {}

#[fanout::main(news)]
fn main() {}
