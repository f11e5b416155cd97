#[fanout::ws(echo, origins = "https://münchen.example")]
fn chat() {}

#[fanout::main(chat)]
fn main() {}
