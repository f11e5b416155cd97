const PATH: &str = "/news";

#[fanout::sse(channel = "news", path = PATH)]
fn news() {}

fn main() {
    let _ = PATH;
}
