#[fanout::ws(echo)]
fn chat(message: &str) {
    drop(message.to_owned());
}

#[fanout::main(chat)]
fn main() {}
