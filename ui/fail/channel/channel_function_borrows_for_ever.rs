fn topics(head: &'static fanout::RequestHead) -> Option<fanout::Channel> {
    fanout::Channel::new(head.path()).ok()
}

#[fanout::sse(channel = topics)]
fn news() {}

#[fanout::main(news)]
fn main() {}
