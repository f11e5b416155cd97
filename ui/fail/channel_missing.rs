#[fanout::sse]
fn news() {}

fn main() {}
