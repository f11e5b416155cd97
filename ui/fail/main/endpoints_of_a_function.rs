#[fanout::sse(channel = "news")]
fn news() {}

#[fanout::endpoints(news)]
fn all() {}

#[fanout::main(news)]
fn main() {
    all();
}
