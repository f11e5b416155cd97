use fanout::RequestHead as Head;

fn may_listen(_: &Head, _: &Head, _: &Head, _: &Head, _: &Head, _: &Head, _: &Head) -> Result<(), fanout::Answer> {
    Ok(())
}

#[fanout::sse(channel = "news", guard = may_listen)]
fn news() {}

#[fanout::main(news)]
fn main() {}
