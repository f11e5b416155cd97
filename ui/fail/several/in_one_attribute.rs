#[fanout::sse(chanel = "news", path = /live, timeout = 30, backend = "")]
async fn news() {}

#[fanout::main(news)]
fn main() {}
