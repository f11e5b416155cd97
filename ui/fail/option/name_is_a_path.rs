#[fanout::ws(echo, name = live::News)]
fn news() {}

#[fanout::main(News)]
fn main() {}
