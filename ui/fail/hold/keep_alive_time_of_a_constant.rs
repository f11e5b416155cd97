#[fanout::sse(channel = "a", keep_alive = idle(SECS, "a"))]
fn news() {}

#[fanout::main(news)]
fn main() {}
