#[fanout::ws(echo)]
fn café() {}

#[fanout::main(café)]
fn main() {}
