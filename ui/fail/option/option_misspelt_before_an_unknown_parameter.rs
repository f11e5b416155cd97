#[fanout::sse(chanel = "news-{topic}")]
fn news() {}

#[fanout::main(news)]
fn main() {}
