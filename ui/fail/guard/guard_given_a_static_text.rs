fn may_enter(room: &'static str) -> Result<(), fanout::Answer> {
    if room.is_empty() { Err(fanout::Answer::text(403, "")) } else { Ok(()) }
}

#[fanout::ws(path = "/rooms/{room}", guard = may_enter(room))]
fn room() {}

#[fanout::main(room)]
fn main() {}
