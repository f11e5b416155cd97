#[fanout::ws(echo, backend = "")]
fn chat() {}

fn main() {}
