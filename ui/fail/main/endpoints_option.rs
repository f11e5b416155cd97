#[fanout::sse(channel = "news")]
fn news() {}

#[fanout::endpoints(news, fallback = "origin")]
enum All {}

#[fanout::main(All)]
fn main() {}
