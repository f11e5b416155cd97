#[fanout::long_poll(channel = "news", timeout = 30_000)]
fn news() {}

#[fanout::main(news)]
fn main() {}
