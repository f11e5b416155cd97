#[fanout::sse(channel = "news")]
fn news() {}

fn publish() -> fanout::Channel {
    headlines::channel()
}

#[fanout::main(news)]
fn main() {
    publish();
}
