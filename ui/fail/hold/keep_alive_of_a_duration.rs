#[fanout::sse(channel = "news", keep_alive = Duration::from_secs(20))]
fn news() {}

#[fanout::main(news)]
fn main() {}
