#[fanout::sse(channel = "news")]
struct News;

fn main() {
    let _ = News;
}
