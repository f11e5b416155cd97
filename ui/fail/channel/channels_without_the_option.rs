#[fanout::sse("news", "sport")]
fn news() {}

#[fanout::main(news)]
fn main() {}
