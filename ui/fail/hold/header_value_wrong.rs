#[fanout::sse(channel = "news", headers = [("X-Feed", "live\nGrip-Channel: secret")])]
fn news() {}

#[fanout::main(news)]
fn main() {}
