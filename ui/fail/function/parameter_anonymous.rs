#[fanout::sse(channel = "news")]
fn news(topic: Option<impl AsRef<str>>) {
    drop(topic);
}

#[fanout::main(news)]
fn main() {}
