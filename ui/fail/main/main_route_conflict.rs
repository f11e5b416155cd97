#[fanout::sse(path = "/rooms/{room}", channel = "room-{room}")]
fn room() {}

#[fanout::stream(path = "/rooms/{id}", channel = "log-{id}")]
fn log() {}

#[fanout::main(room, log)]
fn main() {}
