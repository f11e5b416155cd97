#[fanout::ws(echo)]
fn chat() -> Vec<u16> {
    Vec::new()
}

fn main() {}
