fn main() {}

#[fanout::main()]
fn main() {}
