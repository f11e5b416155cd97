use fanout::prelude::*;

fn problem(rejection: Rejection) -> Answer {
    rejection.into_answer()
}

#[fanout::main(refuse = "problem")]
fn main() {
    problem(Rejection::new(fanout::Reason::NotFound, "nothing"));
}
