#[fanout::sse(path = "/news}", channel = "news")]
fn news() {}

#[fanout::main(news)]
fn main() {}
