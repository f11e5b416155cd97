#[fanout::sse(channel = "news", guard(may_listen, may_stay))]
fn news() {}

#[fanout::main(news)]
fn main() {}
