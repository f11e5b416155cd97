#[fanout::ws(echo, max_message = 1_000_000)]
fn chat() {}

#[fanout::main(chat)]
fn main() {}
