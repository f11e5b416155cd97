#[fanout::sse(path = "/news/{topic}", channel = "news-{topic}")]
fn news(topik: &str) {
    println!("{topik}");
}

#[fanout::main(news)]
fn main() {}
