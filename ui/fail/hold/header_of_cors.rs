#[fanout::sse(channel = "news", headers = [("Access-Control-Allow-Origin", "*")])]
fn news() {}

#[fanout::main(news)]
fn main() {}
