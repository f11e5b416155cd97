#[fanout::long_poll(channel = "score", timeout = 3)]
fn score() {}

#[fanout::main(score)]
fn main() {}
