#[fanout::sse(path = "/räume/{raum}", channel = "raum-{raum}")]
fn news() {}

#[fanout::main(news)]
fn main() {}
