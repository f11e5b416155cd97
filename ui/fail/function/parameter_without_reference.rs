#[fanout::sse(path = "/rooms/{room}", channel = "news")]
fn news(room: str) {
    let _ = &room;
}

#[fanout::main(news)]
fn main() {
    let _ = news::channel();
}
