#[fanout::sse(channel = "news")]
fn news(topic: u8) {
    let _ = topic;
}

fn main() {}
