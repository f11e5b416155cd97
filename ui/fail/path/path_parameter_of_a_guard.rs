fn may_enter(room: &str, user: &str) -> Result<(), fanout::Answer> {
    drop(format!("{room} {user}"));
    Ok(())
}

#[fanout::sse(path = "/{room}/{user}", channel = "news", guard = may_enter(room))]
fn news() {}

#[fanout::main(news)]
fn main() {}
