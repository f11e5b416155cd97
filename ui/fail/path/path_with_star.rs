#[fanout::sse(path = "/files/*", channel = "files")]
fn files() {}

#[fanout::main(files)]
fn main() {}
