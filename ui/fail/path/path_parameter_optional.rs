#[fanout::sse(path = "/rooms/{room?}", channel = "room-{room}")]
fn news() {}

#[fanout::main(news)]
fn main() {}
