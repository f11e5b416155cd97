#[fanout::sse(path = "/{region}/news", channel = "news-{region}", backend = "{region}")]
fn news() {}

#[fanout::main(news)]
fn main() {}
