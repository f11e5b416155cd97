struct Filter;

#[fanout::sse(channel = "news")]
fn news(_: fanout::Query<Filter>) {}

#[fanout::main(news)]
fn main() {}
