#[fanout::ws(echo, cors = "https://a.example")]
fn chat() {}

#[fanout::main(chat)]
fn main() {}
