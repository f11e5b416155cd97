//! A `main` that answers 404 if no endpoint matches, and a `main` without endpoints.

#[fanout::main]
fn main() {}
