struct Score;

#[fanout::sse(channel = "news")]
fn news() -> fanout::Json<Score> {
    fanout::Json(Score)
}

#[fanout::main(news)]
fn main() {}
