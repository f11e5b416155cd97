#[fanout::ws]
fn chat(message: Option<String>) -> String {
    message.unwrap_or_default()
}

#[fanout::main(chat)]
fn main() {}
