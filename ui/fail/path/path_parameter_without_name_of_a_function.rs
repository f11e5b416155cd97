#[fanout::sse(path = "/rooms/{}", channel = "news")]
fn news(room: &str, page: u32) {
    let _ = (room, page);
}

#[fanout::main(news)]
fn main() {}
