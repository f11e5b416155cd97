#[fanout::sse(channel = "news", keep_alive = idle(15_000))]
fn news() {}

#[fanout::main(news)]
fn main() {}
