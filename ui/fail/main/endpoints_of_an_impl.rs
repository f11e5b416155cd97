#[fanout::sse(channel = "news")]
fn news() {}

struct Rooms;

#[fanout::endpoints(news)]
impl Rooms {}

#[fanout::main(Rooms)]
fn main() {}
