#[fanout::sse(path = "/rooms/{room}", channel = "room-{room}")]
fn news(_room: &str) {}

#[fanout::main(news)]
fn main() {}
