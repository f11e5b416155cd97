#[fanout::sse(channel = "news")]
fn news(topic: u8) {
    let _ = topic;
}

#[fanout::main(news)]
fn main() {}
