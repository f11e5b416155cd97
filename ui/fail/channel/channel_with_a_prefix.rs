#[fanout::sse(path = "/{room}", channel = format "room-{room}")]
fn room() {}

#[fanout::main(room)]
fn main() {}
