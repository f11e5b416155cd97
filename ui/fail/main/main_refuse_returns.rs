use fanout::prelude::*;

fn problem(rejection: Rejection) -> String {
    rejection.to_string()
}

#[fanout::main(refuse = problem)]
fn main() {}
