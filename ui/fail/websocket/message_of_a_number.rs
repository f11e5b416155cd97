#[fanout::ws]
fn chat(message: u32) {
    let _ = message;
}

#[fanout::main(chat)]
fn main() {}
