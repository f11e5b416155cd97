#[fanout::sse({ channel = "news", path = "/live" })]
fn news() {}

#[fanout::main(news)]
fn main() {}
