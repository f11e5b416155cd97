#[fanout::sse(path = ["/news", "/live"], channel = "news")]
fn news() {}

#[fanout::main(news)]
fn main() {}
