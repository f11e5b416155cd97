#[fanout::sse(channel = , path = "/news")]
fn news() {}

fn main() {}
