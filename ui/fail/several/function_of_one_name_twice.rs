#[fanout::sse(channel = "news")]
fn news() {}

#[fanout::sse(channel = "other", path = "/other")]
fn news() {}

#[fanout::main(news)]
fn main() {}
