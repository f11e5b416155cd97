#[fanout::sse(channel = "news", data = "Vec<News>")]
fn news() {}

struct News;

#[fanout::main(news)]
fn main() {}
