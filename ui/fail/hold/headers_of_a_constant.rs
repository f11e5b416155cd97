#[fanout::long_poll(channel = "a", headers = HEADERS)]
fn news() {}

#[fanout::main(news)]
fn main() {}
