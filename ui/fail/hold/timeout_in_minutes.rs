#[fanout::long_poll(channel = "news", timeout = "2min")]
fn news() {}

#[fanout::main(news)]
fn main() {}
