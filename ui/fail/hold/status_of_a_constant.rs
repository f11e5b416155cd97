#[fanout::long_poll(channel = "a", status = limits::SECS)]
fn news() {}

#[fanout::main(news)]
fn main() {}
