#[fanout::ws(echo, name = "Chat")]
fn chat() {}

fn main() {}
