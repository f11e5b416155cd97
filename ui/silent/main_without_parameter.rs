//! A `main` that answers 404 to what is for no endpoint, and one that has no endpoint.

#[fanout::main]
fn main() {}
