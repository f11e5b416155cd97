#[fanout::sse(path = "/news/{topic}", channel = "news-{topic}")]
fn news() {}

fn publish() -> fanout::Channel {
    news::channel(7)
}

#[fanout::main(news)]
fn main() {
    publish();
}
