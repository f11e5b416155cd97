struct Topic;

impl std::str::FromStr for Topic {
    type Err = ();

    fn from_str(_: &str) -> Result<Self, ()> {
        Err(())
    }
}

#[fanout::sse(path = "/news/{topic}", channel = "news", strict)]
fn news(topic: Topic) {
    drop(topic);
}

#[fanout::main(news)]
fn main() {}
