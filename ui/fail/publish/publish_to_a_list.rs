#[fanout::sse(channel = ["news", "sport"])]
fn news() {}

fn publish() -> fanout::Channel {
    news::channel()
}

#[fanout::main(news)]
fn main() {
    publish();
}
