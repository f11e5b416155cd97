#[fanout::sse(channel = "news")]
fn news() -> u8 {
    0
}

fn main() {}
