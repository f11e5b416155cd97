#[fanout::post]
struct Order;

#[fanout::main(Order)]
fn main() {}
