#[fanout::sse(channel = "news")]
fn news() {}

#[fanout::sse(channel = "fanout")]
fn r#fanout() {}

#[fanout::main(news)]
fn main() {}
