#[fanout::sse(channel = "news")]
unsafe fn news() {}

fn main() {}
