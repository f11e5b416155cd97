#[fanout::sse(
    /// Everything new.
    channel = "news"
)]
fn news() {}

#[fanout::main(news)]
fn main() {}
