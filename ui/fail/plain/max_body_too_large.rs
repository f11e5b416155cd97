#[fanout::post(max_body = 5_000_000_000)]
fn order() {}

#[fanout::main(order)]
fn main() {}
