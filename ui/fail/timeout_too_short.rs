#[fanout::long_poll(channel = "score", timeout = 3)]
fn score() {}

fn main() {}
