use fanout::prelude::*;

#[fanout::sse(channel = "news")]
fn news() -> (StatusCode, Event) {
    (StatusCode::ACCEPTED, Event::data("x"))
}

#[fanout::main(news)]
fn main() {}
