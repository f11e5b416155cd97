#[fanout::sse(channel = "news", headers = ("X-Feed", concat!("a" "b")))]
fn news() {}

#[fanout::main(news)]
fn main() {}
