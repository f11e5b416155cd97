const NEWS: &str = "news";

#[fanout::sse(channel = NEWS)]
fn news() {}

#[fanout::main(news)]
fn main() {
    let _ = (NEWS, fanout::publish(news::channel(), "hello"));
}
