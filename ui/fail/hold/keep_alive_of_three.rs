#[fanout::sse(channel = "news", keep_alive = every("20s", ": awake\n\n", 3))]
fn news() {}

#[fanout::main(news)]
fn main() {}
