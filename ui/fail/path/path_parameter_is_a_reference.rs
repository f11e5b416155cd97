#[fanout::sse(path = "/rooms/{room}", channel = "room-{room}")]
fn room(room: &u32) -> String {
    room.to_string()
}

#[fanout::main(room)]
fn main() {}
