#[fanout::ws(message = text)]
fn chat() {}

#[fanout::main(chat)]
fn main() {}
