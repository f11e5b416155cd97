#[fanout::sse(path = "/{room}/{user}", channel = "{room-{user")]
fn news() {}

#[fanout::main(news)]
fn main() {}
