#[fanout::sse(path = "/news/{topic}", chanel = ["news", "news-{topic}"])]
fn news() {}

#[fanout::main(news)]
fn main() {
    let [_, _] = news::channels("sport");
}
