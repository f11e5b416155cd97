use fanout::prelude::*;

async fn problem(rejection: Rejection<'_>) -> Answer {
    rejection.into_answer()
}

#[fanout::main(refuse = problem)]
fn main() {}
