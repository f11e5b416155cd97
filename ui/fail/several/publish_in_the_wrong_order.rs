#[fanout::sse(channel = "news")]
fn news() {}

#[fanout::main(news)]
fn main() {
    let _ = fanout::publish("hello", news::channel());
}
