#[fanout::sse(channel => "a")]
fn news() {}

#[fanout::main(news)]
fn main() {}
