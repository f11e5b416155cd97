#[fanout::main(#[cfg(unix)] crate = fanout)]
fn main() {}
