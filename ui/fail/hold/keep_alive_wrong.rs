#[fanout::sse(channel = "news", keep_alive = never)]
fn news() {}

#[fanout::main(news)]
fn main() {}
