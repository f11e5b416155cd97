#[fanout::stream(channel = "news", data = News::new())]
fn news() {}

struct News;

#[fanout::main(news)]
fn main() {}
