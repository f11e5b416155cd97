#[fanout::sse(channel = "news", timeout = 30)]
fn news() {}

fn main() {}
