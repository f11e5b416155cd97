#[fanout::ws]
fn chat(first: &str, second: String) {
    drop((first.to_owned(), second));
}

#[fanout::main(chat)]
fn main() {}
