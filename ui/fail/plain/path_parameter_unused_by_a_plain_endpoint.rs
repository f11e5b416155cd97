#[fanout::delete(path = "/rooms/{room}")]
fn close() {}

#[fanout::main(close)]
fn main() {}
