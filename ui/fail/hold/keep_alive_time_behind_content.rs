#[fanout::sse(channel = "news", keep_alive = idle("\n", 20))]
fn news() {}

#[fanout::main(news)]
fn main() {}
