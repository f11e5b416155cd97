#[fanout::sse(channel = "news")]
fn news(#[query] count: u8) {
    let _ = count;
}

#[fanout::main(news)]
fn main() {}
