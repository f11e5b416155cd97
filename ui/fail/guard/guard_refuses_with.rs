fn may_listen() -> Result<(), &'static str> {
    Err("no")
}

#[fanout::sse(channel = "news", guard = may_listen)]
fn news() {}

#[fanout::main(news)]
fn main() {}
