#[fanout::ws]
fn chat(message: &str) -> usize {
    message.len()
}

#[fanout::main(chat)]
fn main() {}
