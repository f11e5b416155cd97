#[fanout::main(verify =)]
fn main() {}
