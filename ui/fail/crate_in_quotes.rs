#[fanout::ws(echo, crate = "fanout")]
fn chat() {}

fn main() {}
