//! The program: the list of the library, and the function that words refusals. The library has everything else, because a
//! test cannot call `main`.

#[fanout::main(scores::Endpoints, refuse = scores::problem)]
fn main() {}
