#[fanout::ws(echo, max_message = 0)]
fn chat() {}

#[fanout::main(chat)]
fn main() {}
