#[fanout::post(max_body = 0)]
fn order() {}

#[fanout::main(order)]
fn main() {}
