#[fanout::ws(echo)]
fn chat(names: &[Option<u8>]) {
    let _ = names;
}

fn main() {}
