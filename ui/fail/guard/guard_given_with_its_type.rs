#[fanout::sse(path = "/{room}", channel = "{room}", guard = g(room: &str))]
fn news() {}
fn g(_: &str) -> Result<(), fanout::Answer> { Ok(()) }

#[fanout::main(news)]
fn main() {}
