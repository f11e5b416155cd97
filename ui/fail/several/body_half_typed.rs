#[fanout::sse(channel = "news")]
fn news() {
    foo.
}

#[fanout::main(news)]
fn main() {}
