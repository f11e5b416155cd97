#[fanout::sse(channel = ("breaking news", "sport"))]
fn news() {}

#[fanout::main(news)]
fn main() {}
