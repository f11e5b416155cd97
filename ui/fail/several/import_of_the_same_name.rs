use std::string as news;

#[fanout::sse(channel = "news")]
fn news() {}

#[fanout::main(news)]
fn main() {
    let _ = news::String::new();
}
