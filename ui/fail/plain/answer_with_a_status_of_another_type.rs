use fanout::prelude::*;

#[fanout::get(path = "/hello")]
fn hello() -> Answer {
    let status: i32 = 200;
    Answer::text(status, "hello")
}

#[fanout::main(hello)]
fn main() {}
