#[fanout::route(path = "/news/{id}", methods = ["GET", "POST"])]
fn one(id: u32) -> String {
    id.to_string()
}

#[fanout::sse(path = "/news/{topic}", channel = "news-{topic}")]
fn news() {}

#[fanout::main(one, news)]
fn main() {}
