#[fanout::sse(path = "/news/{topic}", channel = "news-{topic}", timeout = 30)]
fn news() {}

#[fanout::main(news)]
fn main() {
    let _: fanout::Channel = news::channel("sport");
}
