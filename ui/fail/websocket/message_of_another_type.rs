use std::borrow::Cow;

#[fanout::ws]
fn chat(message: Cow<str>) {
    let _ = message;
}

#[fanout::main(chat)]
fn main() {}
