#[fanout::sse(channel = "news")]
async fn news() {}

#[fanout::main(news)]
fn main() {}
