#[fanout::long_poll(channel = "a", timeout = SECS)]
fn news() {}

#[fanout::main(news)]
fn main() {}
