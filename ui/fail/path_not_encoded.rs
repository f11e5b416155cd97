#[fanout::sse(channel = "news", path = "/breaking news")]
fn news() {}

fn main() {}
