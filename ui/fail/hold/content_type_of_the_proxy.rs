#[fanout::stream(channel = "news", content_type = "application/grip-instruct")]
fn news() {}

#[fanout::main(news)]
fn main() {}
