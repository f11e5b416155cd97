#[fanout::sse(channel = "")]
fn news() {}

fn main() {}
