#[fanout::sse(channel = "news", guard = check!(admin))]
fn news() {}

#[fanout::main(news)]
fn main() {}
