#[fanout::main(fallback("origin"))]
fn main() {}
