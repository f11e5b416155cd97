#[fanout::sse(channel = "news", keep_alive = "500ms")]
fn news() {}

#[fanout::main(news)]
fn main() {}
