#[fanout::get(backend = "self")]
fn score() {}

#[fanout::main(score)]
fn main() {}
