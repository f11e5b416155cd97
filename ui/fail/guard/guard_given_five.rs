fn may_listen(_: &str, _: &str, _: &str, _: &str, _: &str) -> Result<(), fanout::Answer> {
    Ok(())
}

#[fanout::sse(path = "/{a}/{b}/{c}/{d}/{e}", channel = "news", guard = may_listen(a, b, c, d, e))]
fn news() {}

#[fanout::main(news)]
fn main() {}
