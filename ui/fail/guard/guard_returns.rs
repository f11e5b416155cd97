fn may_listen() -> bool {
    true
}

#[fanout::sse(channel = "news", guard = may_listen)]
fn news() {}

#[fanout::main(news)]
fn main() {}
