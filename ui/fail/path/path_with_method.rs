#[fanout::sse(path = "GET /rooms/:id", channel = "room-{id}")]
fn rooms() {}

#[fanout::main(rooms)]
fn main() {}
