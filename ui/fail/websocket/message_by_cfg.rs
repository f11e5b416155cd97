#[fanout::ws]
fn chat(#[cfg_attr(all(), cfg(any()))] text: &str, #[cfg(all())] text: &[u8]) {
    let _ = text;
}

#[fanout::main(chat)]
fn main() {}
