#[fanout::main("chat")]
fn main() {}
