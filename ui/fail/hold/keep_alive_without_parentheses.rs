#[fanout::sse(channel = "news", keep_alive = every "20s")]
fn news() {}

#[fanout::main(news)]
fn main() {}
