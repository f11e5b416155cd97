#[fanout::ws(echo, origins = "https://*.example.com")]
fn chat() {}

#[fanout::main(chat)]
fn main() {}
