use fanout::prelude::*;

fn problem(rejection: Rejection) -> Answer {
    rejection.into_answer()
}

#[fanout::main(refuse = problem(rejection))]
fn main() {
    let _ = problem(Rejection::new(fanout::Reason::NotFound, "nothing"));
}
