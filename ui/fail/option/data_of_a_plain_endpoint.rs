#[fanout::get(data = News)]
fn news() {}

struct News;

#[fanout::main(news)]
fn main() {}
