struct Path<T>(T);

#[fanout::sse(channel = "news")]
fn news(Path(id): Path<u32>) -> String {
    id.to_string()
}

#[fanout::main(news)]
fn main() {}
