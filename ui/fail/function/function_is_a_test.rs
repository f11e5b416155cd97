#[fanout::sse(channel = "news")]
#[core::prelude::v1::test]
fn news() {}

#[fanout::main(news)]
fn main() {}
