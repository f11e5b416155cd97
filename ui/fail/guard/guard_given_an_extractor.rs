use fanout::prelude::*;

fn may_enter(room: &str, cookies: Cookies) -> Result<(), Answer> {
    match cookies.get(room) {
        Some(_) => Ok(()),
        None => Err(Answer::text(403, "no\n")),
    }
}

#[fanout::sse(path = "/rooms/{room}", channel = "room-{room}", guard = may_enter(room, cookies))]
fn news() {}

#[fanout::main(news)]
fn main() {}
