fn topics(topic: &str) -> fanout::Channel {
    fanout::Channel::new(topic).unwrap()
}

#[fanout::sse(path = "/news/{topic}", channel = topics("{topic}"))]
fn news() {}

#[fanout::main(news)]
fn main() {}
