use fanout::publish::Message;

#[fanout::ws]
fn chat(message: Message) {
    let _ = message;
}

#[fanout::main(chat)]
fn main() {}
