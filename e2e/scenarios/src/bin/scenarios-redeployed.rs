//! The next version of the app: see [`scenarios::redeployed`].

#[fanout::main(scenarios::redeployed::Endpoints)]
fn main() {}
