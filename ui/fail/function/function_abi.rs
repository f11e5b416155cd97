#[fanout::sse(channel = "news")]
extern "C" fn news() {}

#[fanout::main(news)]
fn main() {}
