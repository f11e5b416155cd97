#[fanout::sse(path = "/{room}", channel = "room-" + room)]
fn room() {}

#[fanout::main(room)]
fn main() {}
