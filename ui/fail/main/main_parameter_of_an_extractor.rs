#[derive(serde::Deserialize)]
struct Search {
    word: String,
}

#[fanout::main()]
fn main(search: fanout::Query<Search>) -> fanout::Answer {
    fanout::Answer::text(200, search.0.word)
}
