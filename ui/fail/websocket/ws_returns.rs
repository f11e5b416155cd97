#[fanout::ws(echo)]
fn chat() -> Vec<u16> {
    Vec::new()
}

#[fanout::main(chat)]
fn main() {}
