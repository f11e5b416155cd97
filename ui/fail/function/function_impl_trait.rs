#[fanout::sse(channel = "news")]
fn news(topic: impl Copy) {
    let _ = topic;
}

#[fanout::main(news)]
fn main() {}
