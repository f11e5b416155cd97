#[fanout::ws(echo, crate = "fanout")]
fn chat() {}

#[fanout::main(chat)]
fn main() {}
