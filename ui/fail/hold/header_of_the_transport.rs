#[fanout::sse(channel = "news", headers = [("Content-Length", "5")])]
fn news() {}

#[fanout::main(news)]
fn main() {}
