#[fanout::sse(channel = "news", cors = { origin: "https://a.example" })]
fn news() {}

#[fanout::main(news)]
fn main() {}
