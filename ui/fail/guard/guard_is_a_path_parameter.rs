#[fanout::sse(path = "/{room}", channel = "{room}", guard = room)]
fn news() {}

#[fanout::main(news)]
fn main() {}
