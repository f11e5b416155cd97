#[fanout::ws(echo, subprotocols = ["json", "json"])]
fn chat() {}

#[fanout::main(chat)]
fn main() {}
