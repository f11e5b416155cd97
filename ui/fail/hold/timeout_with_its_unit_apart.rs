#[fanout::long_poll(channel = "news", timeout = 30 seconds)]
fn news() {}

#[fanout::main(news)]
fn main() {}
