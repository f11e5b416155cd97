use fanout::prelude::*;

#[fanout::sse(channel = "news")]
fn news() {}

fn problem(rejection: Rejection) -> Answer {
    rejection.into_answer()
}

#[fanout::endpoints(news, refuse = problem)]
enum Endpoints {}

#[fanout::main(Endpoints)]
fn main() {
    let _ = problem(Rejection::new(fanout::Reason::NotFound, "nothing"));
}
