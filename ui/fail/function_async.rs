#[fanout::sse(channel = "news")]
async fn news() {}

fn main() {}
