#[fanout::sse(path = "/{room}", channel = room)]
fn news() { }

#[fanout::main(news)]
fn main() {}
