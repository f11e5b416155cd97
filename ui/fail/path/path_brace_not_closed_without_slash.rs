#[fanout::sse(path = "rooms/{room", channel = "room-{room}")]
fn room() {}

#[fanout::main(room)]
fn main() {}
