#[fanout::sse(channel = "a", nex = "/a", next_after = 5)]
fn news() {}

#[fanout::main(news)]
fn main() {}
