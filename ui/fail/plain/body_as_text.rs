#[fanout::post]
fn say(text: String) -> String {
    text
}

#[fanout::main(say)]
fn main() {}
