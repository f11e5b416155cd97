#[fanout::sse(data = Vec<News> channel = "news")]
fn news() {}

struct News;

#[fanout::main(news)]
fn main() {}
