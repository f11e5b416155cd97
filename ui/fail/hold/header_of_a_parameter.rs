#[fanout::sse(path = "/rooms/{room}", channel = "room-{room}", headers = [("X-Room", "{room}")])]
fn room() {}

#[fanout::main(room)]
fn main() {}
