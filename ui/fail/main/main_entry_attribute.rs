#[fanout::sse(channel = "news")]
fn news() {}

#[fanout::main(#[inline] news)]
fn main() {}
