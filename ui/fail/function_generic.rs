#[fanout::sse(channel = "news")]
fn news<T>() {}

fn main() {}
