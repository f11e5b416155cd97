async fn topics() -> fanout::Channel {
    fanout::Channel::from_static("news")
}

#[fanout::sse(channel = topics)]
fn news() {}

#[fanout::main(news)]
fn main() {}
