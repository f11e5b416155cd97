#[fanout::get]
async fn score() {}

#[fanout::main(score)]
fn main() {}
