use fanout::prelude::*;

#[fanout::sse(channel = "lines")]
fn lines() -> Event {
    let seen = ["a", "b"].len();
    Event::data("b").id_number(seen)
}

#[fanout::main(lines)]
fn main() {}
