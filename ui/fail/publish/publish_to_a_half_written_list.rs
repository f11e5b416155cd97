const NEWS: &str = "news";

#[fanout::sse(channel = ["sport", NEWS])]
fn news() {}

#[fanout::main(news)]
fn main() {
    let [sport, news] = news::channels();
    let _ = (NEWS, fanout::publish(sport, "hello"), fanout::publish(news, "hello"));
}
