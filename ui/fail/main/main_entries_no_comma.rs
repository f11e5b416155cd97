#[fanout::sse(channel = "news")]
fn news() {}

#[fanout::sse(channel = "sport")]
fn sport() {}

#[fanout::main(news sport)]
fn main() {}
