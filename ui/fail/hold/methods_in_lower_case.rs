#[fanout::sse(channel = "news", methods = "post")]
fn news() {}

#[fanout::main(news)]
fn main() {}
