#[fanout::ws(message = text)]
fn chat(line: &str) {
    let _ = line;
}

#[fanout::main(chat)]
fn main() {}
