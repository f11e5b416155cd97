#[fanout::ws(echo())]
fn chat() {}

#[fanout::main(chat)]
fn main() {}
