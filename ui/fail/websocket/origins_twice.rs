#[fanout::ws(echo, origins = ["https://a.example", "https://a.example"])]
fn chat() {}

#[fanout::main(chat)]
fn main() {}
