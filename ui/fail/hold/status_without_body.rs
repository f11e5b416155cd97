#[fanout::sse(channel = "news", status = 204)]
fn news() {}

#[fanout::main(news)]
fn main() {}
