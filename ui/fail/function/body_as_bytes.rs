#[fanout::sse(channel = "news", methods = "POST")]
fn news(body: Vec<u8>) {
    drop(body);
}

#[fanout::main(news)]
fn main() {}
