#[fanout::sse(channel = "news")]
fn news() {}

fn publish() -> Result<(), fanout::publish::PublishError> {
    fanout::publish(news::channel(), fanout::Json(5))
}

#[fanout::main(news)]
fn main() {
    let _ = publish();
}
