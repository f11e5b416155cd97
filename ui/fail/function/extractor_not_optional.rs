#[fanout::sse(channel = "news")]
fn news(topic: Option<u8>) {
    let _ = topic;
}

#[fanout::main(news)]
fn main() {}
