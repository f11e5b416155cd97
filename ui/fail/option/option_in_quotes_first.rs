#[fanout::sse("path = /rooms/{id}", channel = "room-{id}")]
fn room() {}

#[fanout::main(room)]
fn main() {}
