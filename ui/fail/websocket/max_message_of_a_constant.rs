#[fanout::ws(echo, max_message = MAX)]
fn chat() {}

#[fanout::main(chat)]
fn main() {}
