#[fanout::sse(channel = "news")]
fn news() {}

#[fanout::main(news, crate::news)]
fn main() {}
