#[fanout::ws(path = "/chat", echo)]
fn chat() {}

#[fanout::get(path = "/chat")]
fn page() {}

#[fanout::main(chat, page)]
fn main() {}
