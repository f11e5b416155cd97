#[fanout::ws(echo)]
fn chat(names: &[Option<u8>]) {
    let _ = names;
}

#[fanout::main(chat)]
fn main() {}
