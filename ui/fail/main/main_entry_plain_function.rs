#[fanout::sse(channel = "news")]
fn news() {}

fn sport() {}

#[fanout::main(news, sport)]
fn main() {
    sport();
}
