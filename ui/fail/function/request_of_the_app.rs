struct JoinRequest;

#[fanout::sse(channel = "news", methods = "POST")]
fn news(_: JoinRequest) {}

fn main() {}
