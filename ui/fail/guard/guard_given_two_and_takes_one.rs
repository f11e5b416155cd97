fn may_listen(topic: &str) -> Result<(), fanout::Answer> {
    if topic.is_empty() { Err(fanout::Answer::text(403, "no topic\n")) } else { Ok(()) }
}

#[fanout::sse(path = "/news/{topic}/{page}", channel = "news-{topic}", guard = may_listen(topic, page))]
fn news() {}

#[fanout::main(news)]
fn main() {}
