fn may_listen(_: &fanout::RequestHead, _: Vec<u8>) -> Result<(), fanout::Answer> {
    Ok(())
}

#[fanout::sse(channel = "news", guard = may_listen)]
fn news() {}

#[fanout::main(news)]
fn main() {}
