#[fanout::sse(channel = "news".to_string())]
fn news() {}

#[fanout::main(news)]
fn main() {}
