#[fanout::long_poll(channel = "score", timeout = "30s")]
fn score() {}

fn main() {}
