#[fanout::long_poll(channel = "news", timeout = 5_000_000_000)]
fn news() {}

#[fanout::main(news)]
fn main() {}
