#[fanout::sse(channel = "news", data = Vec<Nws>)]
fn news() {}

struct News;

#[fanout::main(news)]
fn main() {}
