#[fanout::sse(channel = "user-{user.name}")]
fn mine() {}

#[fanout::main(mine)]
fn main() {}
