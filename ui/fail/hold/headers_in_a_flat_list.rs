#[fanout::sse(channel = "news", headers = ["X-Feed", "live"])]
fn news() {}

#[fanout::main(news)]
fn main() {}
