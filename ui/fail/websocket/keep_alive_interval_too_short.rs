#[fanout::ws(echo, keep_alive_interval = "5s")]
fn chat() {}

#[fanout::main(chat)]
fn main() {}
