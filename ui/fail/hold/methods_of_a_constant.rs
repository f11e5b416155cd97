const BOTH: [&str; 2] = ["GET", "POST"];

#[fanout::sse(channel = "news", methods = BOTH)]
fn news() {}

#[fanout::main(news)]
fn main() {
    assert!(BOTH.len() == 2);
}
