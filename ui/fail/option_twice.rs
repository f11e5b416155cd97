#[fanout::sse(channel = "news", channel = "sport")]
fn news() {}

fn main() {}
