#[fanout::sse(channel = 5)]
fn news() {}

fn main() {}
