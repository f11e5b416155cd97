struct Own;

#[fanout::ws(message = own)]
fn chat(own: Own) {
    drop(own);
}

#[fanout::main(chat)]
fn main() {}
