#[fanout::sse(channel = "news", keep_alive = "off")]
fn news() {}

#[fanout::main(news)]
fn main() {}
