#[fanout::sse(channel = "news", path = "/news?topic=a")]
fn news() {}

fn main() {}
