#[fanout::get("rooms")]
fn rooms() {}

#[fanout::main(rooms)]
fn main() {}
