#[fanout::sse(channel = "news")]
unsafe fn news() {}

#[fanout::main(news)]
fn main() {}
