#[fanout::sse(path = "/rooms/{room:u32}", channel = "room-{room}")]
fn news() {}

#[fanout::main(news)]
fn main() {}
