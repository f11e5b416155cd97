#[fanout::sse(channel = ["news", "sport", "news"])]
fn news() {}

fn main() {}
