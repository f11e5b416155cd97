fn topics(topic: &str) -> fanout::Channel {
    fanout::Channel::new(topic).unwrap()
}

#[fanout::sse(channel = topics("news"))]
fn news() {}

#[fanout::main(news)]
fn main() {}
