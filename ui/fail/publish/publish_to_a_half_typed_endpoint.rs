#[fanout::sse(channel = "news")]
fn news(topic) {}

#[fanout::main(news)]
fn main() {
    let _: fanout::Channel = news::channel();
}
