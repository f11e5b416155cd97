#[fanout::ws(echo, origins = "www.example.com")]
fn chat() {}

#[fanout::main(chat)]
fn main() {}
