#[fanout::sse(channel = "news", name = fanout)]
fn news() {}

#[fanout::stream(channel = "log")]
fn log() {}

#[fanout::main(log)]
fn main() {}
