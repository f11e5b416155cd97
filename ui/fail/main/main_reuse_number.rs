#[fanout::sse(channel = "news")]
fn news() {}

#[fanout::main(news, reuse = 500)]
fn main() {}
