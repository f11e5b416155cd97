#[fanout::sse(channel = "news")]
fn news() {}

#[fanout::endpoints(news, reuse = fanout::Reuse::new)]
enum Endpoints {}

#[fanout::main(Endpoints)]
fn main() {}
