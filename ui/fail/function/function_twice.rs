#[fanout::sse(channel = "news")]
#[fanout::stream(channel = "news", path = "/log")]
fn news() {}

#[fanout::main(news)]
fn main() {}
