#[fanout::sse(channel = "news")]
fn news() {}

#[fanout::main(news, reuse = fanout::Reuse::new())]
fn main() {}
