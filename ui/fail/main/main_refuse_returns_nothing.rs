use fanout::Rejection;

fn problem(rejection: &Rejection) {
    let _ = rejection;
}

#[fanout::main(refuse = problem)]
fn main() {}
