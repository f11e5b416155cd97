#[fanout::ws(echo, keep_alive = off)]
fn chat() {}

#[fanout::main(chat)]
fn main() {}
