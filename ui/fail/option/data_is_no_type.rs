#[fanout::long_poll(channel = "news", data = impl Serialize)]
fn news() {}

#[fanout::main(news)]
fn main() {}
