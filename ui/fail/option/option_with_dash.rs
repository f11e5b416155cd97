#[fanout::sse(channel = "news", keep-alive = "20s")]
fn news() {}

#[fanout::main(news)]
fn main() {}
