fn may_listen(topic: &str) -> Result<(), fanout::Answer> {
    drop(topic.to_owned());
    Ok(())
}

#[fanout::sse(path = "/news/{topic}", channel = "news-{topic}", guard = may_listen)]
fn news() {}

#[fanout::main(news)]
fn main() {}
