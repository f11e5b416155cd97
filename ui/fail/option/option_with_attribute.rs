#[fanout::sse(#[serde(rename = "n")] channel = "news")]
fn news() {}

#[fanout::main(news)]
fn main() {}
