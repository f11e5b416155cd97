#[fanout::sse(channel = "room-{}")]
fn news(room: &str) {
    let _ = room;
}

#[fanout::main(news)]
fn main() {}
