struct Topic;

fn may_listen(_: Topic) -> Result<(), fanout::Answer> {
    Ok(())
}

#[fanout::sse(path = "/news/{topic}", channel = "news-{topic}", guard = may_listen(topic))]
fn news() {}

#[fanout::main(news)]
fn main() {}
