#[fanout::stream(channel = "news", content_type = "json")]
fn news() {}

#[fanout::main(news)]
fn main() {}
