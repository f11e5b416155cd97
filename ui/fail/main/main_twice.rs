#[fanout::sse(channel = "news")]
fn news() {}

#[fanout::main(news)]
#[fanout::main()]
fn main() {}
