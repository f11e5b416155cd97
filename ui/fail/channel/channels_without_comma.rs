#[fanout::sse(channel = "news" "sport")]
fn news() {}

#[fanout::main(news)]
fn main() {}
