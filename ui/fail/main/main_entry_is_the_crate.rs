#[fanout::main(fanout)]
fn main() {}
