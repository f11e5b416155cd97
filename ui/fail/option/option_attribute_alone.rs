#[fanout::sse(
    channel = "news",
    /// Everything new.
)]
fn news() {}

#[fanout::main(news)]
fn main() {}
