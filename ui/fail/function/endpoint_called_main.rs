#[fanout::sse(channel = "news")]
fn main() {}
