#[fanout::sse(channel = "room-{room}")]
fn news(room: &str) {
    let _ = room;
}

#[fanout::main(news)]
fn main() {}
