#[fanout::sse(path = "/%+1", channel = "news")]
fn news() {}

#[fanout::main(news)]
fn main() {}
