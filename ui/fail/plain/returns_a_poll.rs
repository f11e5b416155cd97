use fanout::prelude::*;

#[fanout::get]
fn score() -> Poll<&'static str> {
    Poll::Now("1 : 0")
}

#[fanout::main(score)]
fn main() {}
