#[fanout::sse(path = r"^/rooms/(?P<id>[^/]+)/news$", channel = "room-{id}")]
fn rooms() {}

#[fanout::main(rooms)]
fn main() {}
