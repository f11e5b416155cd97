#[fanout::sse(channel = "news")]
fn news(head: &mut fanout::RequestHead) -> String {
    head.path().to_owned()
}

#[fanout::main(news)]
fn main() {}
