#[fanout::sse(channel = "news", headers = [("Grip-Hold", "stream")])]
fn news() {}

#[fanout::main(news)]
fn main() {}
