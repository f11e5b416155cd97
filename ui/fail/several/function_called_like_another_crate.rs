#[fanout::sse(channel = "serde")]
fn serde() {}

#[derive(serde::Serialize)]
struct Event;

#[fanout::main(serde)]
fn main() {
    let _ = Event;
}
