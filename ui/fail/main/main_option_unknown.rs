#[fanout::main(backend = "self")]
fn main() {}
