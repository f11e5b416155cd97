//! Rooms: what a member says in one reaches every member who listens to it.

use fanout::prelude::*;
use fanout::publish::PublishError;
use serde::{Deserialize, Serialize};

/// A client that the guard has admitted.
#[derive(Serialize, Deserialize)]
struct Member {
    name: String,
}

/// Admits every client that says its name: `?name=ann`. Before you deploy, check a session or a signed token here.
fn member(Query(member): Query<Member>) -> Result<Member, Answer> {
    if member.name.trim().is_empty() {
        return Err(Answer::text(403, "say who you are: ?name=ann\n"));
    }
    Ok(member)
}

/// `GET /rooms/lobby?name=ann` streams what is said in the lobby, as server-sent events.
#[fanout::sse(path = "/rooms/{room}", channel = "room-{room}", guard = member)]
fn room(room: &str, Guarded(member): Guarded<&Member>) -> Event {
    Event::comment(format!("{}, you are in the room {room}", member.name))
}

/// `POST /rooms/lobby?name=bob` says the body in the lobby.
#[fanout::post(path = "/rooms/{room}", guard = member)]
fn say(
    room: &str,
    Guarded(member): Guarded<&Member>,
    Body(text): Body<String>,
) -> Result<(), PublishError> {
    fanout::publish(room::channel(room), format!("{}: {text}", member.name))
}

#[fanout::main(room, say)]
fn main() {}

#[cfg(test)]
mod tests;
