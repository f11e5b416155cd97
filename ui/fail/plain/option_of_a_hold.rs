#[fanout::get(timeout = 30)]
fn score() {}

#[fanout::main(score)]
fn main() {}
