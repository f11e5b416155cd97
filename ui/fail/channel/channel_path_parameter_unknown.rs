#[fanout::sse(channel = "room-{room}")]
fn news() {}

#[fanout::main(news)]
fn main() {}
