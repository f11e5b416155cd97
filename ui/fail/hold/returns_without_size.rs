#[fanout::sse(channel = "news")]
fn news() -> dyn Iterator<Item = fanout::Event> {
    std::iter::empty()
}

#[fanout::main(news)]
fn main() {}
