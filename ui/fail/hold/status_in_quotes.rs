#[fanout::long_poll(channel = "news", status = "404")]
fn news() {}

#[fanout::main(news)]
fn main() {}
