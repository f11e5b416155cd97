#[fanout::sse(path = "/news/{topic}", channel = "news-{}")]
fn news(topic: &str) {
    let _ = topic;
}

#[fanout::main(news)]
fn main() {}
