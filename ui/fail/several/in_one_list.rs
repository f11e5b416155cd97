#[fanout::sse(channel = "news")]
fn news() {}

#[fanout::main(news, "sport", news, veryfi = trusted)]
fn main() {}
