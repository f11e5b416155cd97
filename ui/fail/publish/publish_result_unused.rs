#![deny(unused_must_use)]

#[fanout::sse(channel = "news")]
fn news() {}

#[fanout::main(news)]
fn main() {
    fanout::publish(news::channel(), "hello");
}
