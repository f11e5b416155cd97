#[fanout::sse(channel = "news" path = "/news")]
fn news() {}

fn main() {}
