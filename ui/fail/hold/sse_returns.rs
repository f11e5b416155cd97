#[fanout::sse(channel = "news")]
fn news() -> u8 {
    0
}

#[fanout::main(news)]
fn main() {}
