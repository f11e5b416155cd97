#[fanout::ws(echo)]
fn chat() {}

#[fanout::main(chat, chat)]
fn main() {}
