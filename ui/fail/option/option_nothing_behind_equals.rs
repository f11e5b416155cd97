#[fanout::sse(channel = , path = "/news")]
fn news() {}

#[fanout::main(news)]
fn main() {}
