#[fanout::ws(echo = true)]
fn chat() {}

#[fanout::main(chat)]
fn main() {}
