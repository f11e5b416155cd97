#[fanout::sse(channel = "news", path)]
fn news() {}

fn main() {}
