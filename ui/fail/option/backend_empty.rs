#[fanout::ws(echo, backend = "")]
fn chat() {}

#[fanout::main(chat)]
fn main() {}
