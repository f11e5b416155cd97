fn may_enter(room: &str) -> Result<(), fanout::Answer> {
    let _ = room;
    Ok(())
}

#[fanout::sse(path = "/rooms/{room}", channel = "room-{room}", guard = may_enter({room}))]
fn news() {}

#[fanout::main(news)]
fn main() {
    let _ = may_enter("");
}
