#[fanout::ws(echo, name = "Chat")]
fn chat() {}

#[fanout::main(Chat)]
fn main() {}
