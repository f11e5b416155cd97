fn may_listen(_: &fanout::prelude::Request) -> Result<(), fanout::Answer> {
    Ok(())
}

#[fanout::sse(channel = "news", guard = may_listen)]
fn news() {}

#[fanout::main(news)]
fn main() {}
