#[fanout::sse(path = "/rooms/{room}", channel = "room-:room")]
fn news(room: &str) {
    let _ = room;
}

#[fanout::main(news)]
fn main() {}
