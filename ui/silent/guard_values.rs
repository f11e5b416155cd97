//! Fields of the guard value in channels and meta, in every place that can use them.

use std::collections::BTreeMap;
use std::fmt;

use fanout::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Id(u64);

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}", self.0)
    }
}

#[derive(Serialize, Deserialize)]
struct Team {
    id: Id,
    r#type: String,
}

#[derive(Serialize, Deserialize)]
struct User {
    name: String,
    id: Id,
    team: Team,
    /// Not `Display`, and in no template.
    rights: BTreeMap<String, bool>,
}

fn signed_in(cookies: Cookies) -> Result<User, Answer> {
    let name = cookies.get("name").ok_or_else(|| Answer::text(401, "sign in\n"))?.to_owned();
    let team = Team { id: Id(7), r#type: "red".to_owned() };
    Ok(User { name, id: Id(1), team, rights: BTreeMap::new() })
}

fn named(room: &str) -> Result<String, Answer> {
    Ok(room.to_owned())
}

fn pair() -> Result<(u8, (String, char)), Answer> {
    Ok((1, ("a".to_owned(), 'b')))
}

fn boxed() -> Result<Box<User>, Answer> {
    Err(Answer::text(403, "no\n"))
}

#[fanout::sse(channel = "user-{guard.name}", guard = signed_in)]
fn mine() {}

#[fanout::sse(
    path = "/rooms/{room}/mine",
    channel = ["room-{room}", "room-{room}-{guard.id}", "{guard.id}-{guard.team.id}-{{guard.name}}", "all"],
    guard = signed_in,
    meta = [("user", "{guard.name}"), ("type", "{guard.team.type}-{room}")]
)]
fn listed(room: &str, Guarded(guard): Guarded<&User>) -> String {
    format!("{room} {} {}", guard.name, guard.rights.len())
}

#[fanout::long_poll(path = "/whole/{room}", channel = "whole-{guard}-{room}", guard = named(room))]
fn whole(guard: Guarded<&String>) -> Poll<String, ()> {
    Poll::Now(guard.0.clone())
}

#[fanout::stream(channel = "{guard.0}-{guard.1.0}-{guard.1.1}", guard = pair)]
fn tuple() {}

#[fanout::ws(echo, channel = "{guard.team.type}", guard = boxed)]
fn socket() {}

#[derive(Default, Serialize, Deserialize)]
pub struct Chat(u8);

#[fanout::ws(path = "/chat/{guard}", channel = "{guard.name}-{guard.id}", guard = signed_in)]
impl Chat {
    fn text(&mut self, guard: &str, text: &str) -> String {
        format!("{guard} {text} {}", self.0)
    }
}

#[fanout::sse(path = "/unguarded/{guard}", channel = "{guard}")]
fn unguarded() {}

macro_rules! made {
    ($name:ident, $channel:literal) => {
        #[fanout::sse(channel = $channel, guard = signed_in)]
        fn $name() {}
    };
}
made!(by_macro, "made-{guard.name}");

#[fanout::main(mine, listed, whole, tuple, socket, Chat, unguarded, by_macro)]
fn main() {
    let user = boxed().map(|user| *user);
    if let Ok(user) = user {
        let name: &str = &user.name;
        let all = [mine::channel(&user.name), mine::channel(name), mine::channel(String::new())];
        let [room, in_room, team, _] = listed::channels("blue", user.id, Id(2));
        assert!(all.contains(&room) || in_room != team);
    }
    let _ = whole::channel("red", "ann");
    let _ = (tuple::channel(1, "a", 'b'), socket::channel(format_args!("{}", 1)), Chat::channel("ann", 7));
    let _ = (unguarded::channel("ann"), by_macro::channel("ann"));
}
