#[fanout::main(colour = "red")]
fn main() {}
