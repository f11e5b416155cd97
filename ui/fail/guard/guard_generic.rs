fn may_listen<T>(_: T) -> Result<(), fanout::Answer> {
    Ok(())
}

#[fanout::sse(channel = "news", guard = may_listen)]
fn news() {}

#[fanout::main(news)]
fn main() {}
