#[fanout::long_poll(channel = "news", timeout = "1m30s")]
fn news() {}

#[fanout::main(news)]
fn main() {}
