#[fanout::sse(path = "/rooms/{room}", channel = "room-{room}")]
fn room(room: &String) -> String {
    room.to_owned()
}

#[fanout::main(room)]
fn main() {}
