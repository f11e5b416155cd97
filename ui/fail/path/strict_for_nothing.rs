#[fanout::sse(path = "/news/{topic}", channel = "news-{topic}", strict)]
fn news(topic: &str) -> fanout::Event {
    fanout::Event::comment(topic)
}

#[fanout::main(news)]
fn main() {}
