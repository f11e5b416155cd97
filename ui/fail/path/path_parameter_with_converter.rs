#[fanout::sse(path = "/rooms/<int:id>/[user]", channel = "room-{id}-{user}")]
fn rooms() {}

#[fanout::main(rooms)]
fn main() {}
