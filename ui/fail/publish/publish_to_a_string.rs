#[fanout::sse(channel = "news")]
fn news() {}

fn publish(channel: String) -> Result<(), fanout::publish::PublishError> {
    fanout::publish(channel, "hello")
}

#[fanout::main(news)]
fn main() {
    let _ = publish(String::new());
}
