#[fanout::sse(channel = "news")]
fn news() {}

fn limits() -> u32 {
    500
}

#[fanout::main(news, reuse = limits)]
fn main() {}
