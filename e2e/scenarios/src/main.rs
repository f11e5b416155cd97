//! The endpoints of the scenarios, as an app.

#[fanout::main(scenarios::Endpoints)]
fn main() {}
