const VERSION: &str = "1";

#[fanout::sse(channel = "news", path = concat!("/v", VERSION))]
fn news() {}

#[fanout::main(news)]
fn main() {}
