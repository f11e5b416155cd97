#[fanout::ws]
fn chat(message: &str) -> Result<(), u8> {
    Err(message.len() as u8)
}

#[fanout::main(chat)]
fn main() {}
