#[fanout::sse(path = "/rooms/{room}", channel = )]
fn news(room: &str) {
    let _ = room;
}

#[fanout::main(news)]
fn main() {
    let _ = fanout::publish(news::channel("blue"), "hello");
}
