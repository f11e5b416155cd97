#[fanout::sse(channel = "news")]
fn news() {}

#[fanout::main(news, fallback = "/index.html")]
fn main() {}
