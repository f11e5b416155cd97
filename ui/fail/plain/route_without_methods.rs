#[fanout::route(path = "/orders")]
fn order() {}

#[fanout::main(order)]
fn main() {}
