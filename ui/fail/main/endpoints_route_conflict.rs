#[fanout::sse(path = "/live", channel = "news")]
fn news() {}

#[fanout::ws(path = "/live", echo)]
fn echo() {}

#[fanout::endpoints(news, echo)]
enum Endpoints {}

#[fanout::main(Endpoints)]
fn main() {}
