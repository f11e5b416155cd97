#[fanout::sse(channel = "news", path = "/news/{*topic}/live")]
fn news() {}

#[fanout::main(news)]
fn main() {}
