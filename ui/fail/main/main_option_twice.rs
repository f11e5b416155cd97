#[fanout::main(crate = fanout, crate = fanout)]
fn main() {}
