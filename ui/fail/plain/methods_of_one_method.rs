#[fanout::post(methods = ["POST", "PUT"])]
fn order() {}

#[fanout::main(order)]
fn main() {}
