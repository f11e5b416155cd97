#[fanout::sse(channel = "news")]
fn news() {}

#[fanout::main(news, fallback = "origin")]
fn main(request: fanout::prelude::Request) {
    drop(request);
}
