fn topics() -> &'static str {
    "news"
}

#[fanout::sse(channel = topics)]
fn news() {}

#[fanout::main(news)]
fn main() {}
