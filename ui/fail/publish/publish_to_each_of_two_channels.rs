#[fanout::sse(channel = ["news", "sports"])]
fn news() {}

fn tell() {
    let _ = fanout::publish(news::channels(), "hello");
}

#[fanout::main(news)]
fn main() {
    tell();
}
