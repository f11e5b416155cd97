#[fanout::sse = "news"]
fn news() {}

#[fanout::main(news)]
fn main() {}
