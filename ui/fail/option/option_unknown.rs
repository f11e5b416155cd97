#[fanout::sse(chanel = "news")]
fn news() {}

#[fanout::main(news)]
fn main() {}
