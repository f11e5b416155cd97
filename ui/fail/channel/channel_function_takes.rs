fn topics(topic: Vec<u8>) -> fanout::Channel {
    fanout::Channel::new(String::from_utf8(topic).unwrap()).unwrap()
}

#[fanout::sse(channel = topics)]
fn news() {}

#[fanout::main(news)]
fn main() {}
