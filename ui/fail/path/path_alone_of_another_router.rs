#[fanout::sse("/rooms/<room>", channel = "rooms")]
fn room(room: u32) -> String {
    room.to_string()
}

#[fanout::main(room)]
fn main() {}
