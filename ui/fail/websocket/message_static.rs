#[derive(serde::Deserialize)]
struct Said<'s> {
    word: &'s str,
}

#[fanout::ws]
fn chat(said: fanout::Json<Said<'static>>) -> &'static str {
    said.0.word
}

#[fanout::main(chat)]
fn main() {}
