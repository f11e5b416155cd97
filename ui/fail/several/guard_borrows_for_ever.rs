#[derive(serde::Deserialize)]
struct Who<'w> {
    name: &'w str,
}

fn signed_in(who: fanout::Query<Who<'static>>) -> Result<(), fanout::Answer> {
    if who.0.name.is_empty() { Err(fanout::Answer::text(401, "who are you?\n")) } else { Ok(()) }
}

#[fanout::sse(channel = "news", guard = signed_in)]
fn news() {}

#[fanout::main(news)]
fn main() {}
