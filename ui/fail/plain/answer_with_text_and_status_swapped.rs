use fanout::prelude::*;

#[fanout::get(path = "/hello")]
fn hello() -> Answer {
    Answer::text("hello", 200)
}

#[fanout::main(hello)]
fn main() {}
