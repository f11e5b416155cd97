use fanout::prelude::*;

#[fanout::sse(channel = "visitors")]
fn visitors() -> Event {
    Event::data(5)
}

#[fanout::main(visitors)]
fn main() {}
