#[fanout::post]
fn echo(text: &mut fanout::Body<String>) -> String {
    text.0.clone()
}

#[fanout::main(echo)]
fn main() {}
