#[fanout::sse(path = "/rooms/:id", channel = "rooms")]
fn rooms() {}

#[fanout::main(rooms)]
fn main() {}
