#[fanout::sse(channel = "news")]
fn news() -> Evnt {
    fanout::Event::data("hello")
}

#[fanout::main(news)]
fn main() {}
