#[fanout::long_poll(channel = "news", timeot = 0)]
fn news() {}

#[fanout::main(news)]
fn main() {}
