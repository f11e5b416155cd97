#[fanout::sse]
fn news() {}

#[fanout::main(news)]
fn main() {}
