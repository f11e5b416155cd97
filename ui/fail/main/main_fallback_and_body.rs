#[fanout::sse(channel = "news")]
fn news() {}

#[fanout::main(news, fallback = "origin")]
fn main() {
    println!("never");
}
