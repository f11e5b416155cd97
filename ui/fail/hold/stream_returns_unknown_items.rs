#[fanout::stream(channel = "news")]
fn news() -> Vec<Lin> {
    Vec::new()
}

#[fanout::main(news)]
fn main() {}
