#[fanout::sse(channel = "news", keep_alive = each("20s"))]
fn news() {}

#[fanout::main(news)]
fn main() {}
