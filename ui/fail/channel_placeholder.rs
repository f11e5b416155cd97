#[fanout::sse(channel = "room-{room}")]
fn news() {}

fn main() {}
