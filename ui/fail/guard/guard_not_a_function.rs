const MAY_LISTEN: bool = true;

#[fanout::sse(channel = "news", guard = MAY_LISTEN)]
fn news() {}

#[fanout::main(news)]
fn main() {}
