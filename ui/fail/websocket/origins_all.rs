#[fanout::ws(echo, origins = "*")]
fn chat() {}

#[fanout::main(chat)]
fn main() {}
