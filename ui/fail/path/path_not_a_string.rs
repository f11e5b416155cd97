const PATH: &str = "/news";

#[fanout::sse(channel = "news", path = PATH)]
fn news() {}

#[fanout::main(news)]
fn main() {
    let _ = PATH;
}
