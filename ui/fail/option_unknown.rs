#[fanout::sse(chanel = "news")]
fn news() {}

fn main() {}
