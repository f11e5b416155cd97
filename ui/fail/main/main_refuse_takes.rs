use fanout::prelude::*;

fn problem(status: StatusCode, text: &str) -> Answer {
    Answer::text(status, text)
}

#[fanout::main(refuse = problem)]
fn main() {}
