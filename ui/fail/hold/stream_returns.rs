#[fanout::stream(channel = "news")]
fn news() -> Option<char> {
    None
}

#[fanout::main(news)]
fn main() {}
