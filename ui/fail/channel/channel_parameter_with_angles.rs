#[fanout::sse(path = "/rooms/{room}", channel = ["all", "room-<room>"])]
fn news(room: &str) {
    let _ = room;
}

#[fanout::main(news)]
fn main() {}
