#[fanout::sse(channel = "news", keep_alive = 0)]
fn news() {}

#[fanout::main(news)]
fn main() {}
