#[fanout::sse(path = "/{room}", channel = "news", gone = "http://a.example{room}")]
fn news() {}

#[fanout::main(news)]
fn main() {}
