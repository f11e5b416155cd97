#[fanout::sse(path = "/rooms/{room}", channel = format!("room-{room}"))]
fn room(room: &str) {
    let _ = room;
}

#[fanout::main(room)]
fn main() {}
