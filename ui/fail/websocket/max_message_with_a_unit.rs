#[fanout::ws(echo, max_message = "64 KB")]
fn chat() {}

#[fanout::main(chat)]
fn main() {}
