#[fanout::sse(channel = "news")]
struct News;

#[fanout::main(News)]
fn main() {
    let _ = (News, fanout::publish(News::channel(), "hello"));
}
