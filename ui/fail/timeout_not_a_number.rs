#[fanout::long_poll(channel = "score", timeout = "30s")]
fn score() {}

#[fanout::main(score)]
fn main() {}
