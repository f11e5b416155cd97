fn may_listen() -> Result<u8, fanout::Answer> {
    Ok(1)
}

#[fanout::sse(channel = "news", guard = may_listen)]
fn news(_: fanout::Guarded<&String>) {}

#[fanout::main(news)]
fn main() {}
