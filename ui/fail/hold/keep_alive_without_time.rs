#[fanout::sse(channel = "news", keep_alive = every())]
fn news() {}

#[fanout::main(news)]
fn main() {}
