#[fanout::sse(channel = "news", keep_alive = every("20s", "event: awake\ndata:"))]
fn news() {}

#[fanout::main(news)]
fn main() {}
