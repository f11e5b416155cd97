#[fanout::sse(path = "/news/{topic}", channel = "news")]
fn news(topic: &'static str) {
    assert!(!topic.is_empty());
}

#[fanout::main(news)]
fn main() {}
