#[fanout::ws(echo, subprotocols = ["graphql transport"])]
fn chat() {}

#[fanout::main(chat)]
fn main() {}
