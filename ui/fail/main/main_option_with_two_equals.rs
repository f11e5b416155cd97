#[fanout::sse(channel = "room")]
fn news() {}

#[fanout::main(news, fallback == "origin")]
fn main() {}
