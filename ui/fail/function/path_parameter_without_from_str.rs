struct Topic;

#[fanout::sse(path = "/news/{topic}", channel = "news-{topic}")]
fn news(topic: Topic) {
    drop(topic);
}

#[fanout::main(news)]
fn main() {}
