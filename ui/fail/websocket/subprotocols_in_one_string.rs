#[fanout::ws(echo, subprotocols = "json, xml")]
fn chat() {}

#[fanout::main(chat)]
fn main() {}
