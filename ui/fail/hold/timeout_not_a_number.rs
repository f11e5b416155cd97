#[fanout::long_poll(channel = "score", timeout = "30 sec")]
fn score() {}

#[fanout::main(score)]
fn main() {}
