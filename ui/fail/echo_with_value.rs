#[fanout::ws(echo = true)]
fn chat() {}

fn main() {}
