#[fanout::sse(channel = "news")]
fn news() {}

fn publish() -> Result<(), fanout::publish::PublishError> {
    fanout::publish(news, "hello")
}

#[fanout::main(news)]
fn main() {
    let _ = publish();
}
