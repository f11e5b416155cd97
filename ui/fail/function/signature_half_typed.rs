#[fanout::sse(channel = "news")]
fn news(head) {
    head.path();
}

#[fanout::main(news)]
fn main() {}
