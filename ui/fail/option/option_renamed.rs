#[fanout::sse(channel = "news", rename = "headlines")]
fn news() {}

#[fanout::main(headlines)]
fn main() {}
