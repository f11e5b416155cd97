//! A function of `refuse` that takes the rejection by value, and returns the default answer for some.

use fanout::Reason;
use fanout::prelude::*;

fn problem(rejection: Rejection) -> Answer {
    match rejection.reason() {
        Reason::InvalidToken | Reason::NotFound => rejection.into_answer(),
        _ => Answer::json(rejection.status(), rejection.to_string()),
    }
}

#[fanout::main(refuse = problem)]
fn main() {}
