#[fanout::sse(channel = "\u{feff}news")]
fn news() {}

#[fanout::main(news)]
fn main() {}
