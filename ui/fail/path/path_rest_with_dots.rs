#[fanout::sse(path = "/files/{rest..}", channel = "files-{rest}")]
fn news() {}

#[fanout::main(news)]
fn main() {}
