#[fanout::sse(channel = "news", #[cfg(debug_assertions)] keep_alive = off)]
fn news() {}

#[fanout::main(news)]
fn main() {}
