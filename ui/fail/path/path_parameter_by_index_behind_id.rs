#[fanout::sse(path = "/rooms/{id}/{0}", channel = "room-{id}")]
fn room() {}

#[fanout::main(room)]
fn main() {}
