#[derive(serde::Deserialize)]
struct Filter<'f> {
    word: &'f str,
}

#[fanout::sse(channel = "news")]
fn news(filter: fanout::Query<Filter<'static>>) -> &'static str {
    filter.0.word
}

#[fanout::main(news)]
fn main() {}
