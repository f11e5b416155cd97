use fanout::prelude::*;

#[fanout::get(path = "/visitors")]
fn visitors() -> Answer {
    Answer::new(StatusCode::OK).with_body(5)
}

#[fanout::main(visitors)]
fn main() {}
