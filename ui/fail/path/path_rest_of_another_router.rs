#[fanout::sse(path = "/files/*rest", channel = "files")]
fn files() {}

#[fanout::main(files)]
fn main() {}
