#[fanout::sse(path = "/", channel = "home")]
fn home() {}

#[fanout::sse(chanel = "news")]
fn news() {}

#[fanout::stream(channel = "")]
fn log() {}

#[fanout::endpoints(home, log)]
enum Endpoints {}

#[fanout::main(Endpoints, news)]
fn main() {}
