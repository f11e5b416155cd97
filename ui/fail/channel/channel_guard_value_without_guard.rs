#[fanout::sse(channel = "user-{guard.name}", meta = ("user", "{guard.id}"))]
fn mine() {}

#[fanout::main(mine)]
fn main() {}
