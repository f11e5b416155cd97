#[fanout::sse(path = "/rooms/{room}", channel = "room-{room}", next = "/rooms/:room/missed")]
fn news() {}

#[fanout::main(news)]
fn main() {}
