//! Guards, and their values.

use fanout::grip::Link;
use fanout::prelude::*;
use fanout::{ClientAddr, ClientGeo};
use serde::{Deserialize, Serialize};

/// The member of a room.
#[derive(Clone, Serialize, Deserialize)]
pub struct Member {
    name: String,
    room: String,
    /// `true` if the client is on this machine.
    near: bool,
}

impl Member {
    fn greeting(&self) -> String {
        format!("{} in {}, near: {}", self.name, self.room, self.near)
    }
}

/// Admits clients with a name: to one room, and to the others by a redirect.
fn may_enter(room: &str, head: &RequestHead<'_>, addr: Option<ClientAddr>) -> Result<Member, Answer> {
    let name = head.header("x-member").and_then(|name| name.to_str().ok());
    let Some(name) = name else { return Err(Answer::text(401, "who are you?\n")) };
    match room {
        "closed" => Err(Answer::text(403, "closed\n")),
        "moved" => Err(Redirect::temporary(Link::from_static("/guards/sse/red")).into_answer()),
        _ => Ok(Member {
            name: name.to_owned(),
            room: room.to_owned(),
            near: addr.is_some_and(|ClientAddr(addr)| addr.is_loopback()),
        }),
    }
}

/// Greets the member.
#[fanout::sse(path = "/guards/sse/{of}/{room}", channel = "guards-{of}", guard = may_enter(room))]
pub fn sse(Guarded(member): Guarded<&Member>) -> String {
    member.greeting()
}

/// Greets the member at once.
#[fanout::long_poll(path = "/guards/poll/{of}/{room}", channel = "guards-{of}", guard = may_enter(room))]
pub fn poll(Guarded(member): Guarded<Member>) -> Poll<String, ()> {
    Poll::Now(member.greeting())
}

/// Names the author of each message.
#[fanout::ws(path = "/guards/ws/{of}/{room}", channel = "guards-{of}", guard = may_enter(room))]
pub fn ws(Guarded(member): Guarded<&Member>, message: &str) -> String {
    format!("{}: {message}", member.name)
}

/// A channel of the guard value.
fn of_member(of: &str, Guarded(member): Guarded<&Member>) -> Result<Channel, Answer> {
    Channel::new(format!("member-{of}-{}", member.name)).map_err(IntoAnswer::into_answer)
}

/// The member's own items.
#[fanout::stream(path = "/guards/own/{of}/{room}", channel = of_member(of), guard = may_enter(room))]
pub fn own() {}

/// Admits clients with a cookie.
fn by_cookie(cookies: Cookies) -> Result<String, Answer> {
    cookies.get("session").map(str::to_owned).ok_or_else(|| Answer::text(403, "no session\n"))
}

/// The cookie of the client.
#[fanout::sse(path = "/guards/cookie/{of}", channel = "guards-{of}", guard = by_cookie)]
pub fn cookie(Guarded(session): Guarded<&String>) -> String {
    session.clone()
}

/// Admits a client if its country is known.
fn by_place(geo: Option<ClientGeo>) -> Result<(), Answer> {
    match geo {
        Some(_) => Ok(()),
        None => Err(Answer::text(451, "where are you?\n")),
    }
}

/// For clients in a country.
#[fanout::sse(path = "/guards/place/{of}", channel = "guards-{of}", guard = by_place)]
pub fn place() {}

/// A guard value that is too long for its header.
fn too_much() -> Result<String, Answer> {
    Ok("x".repeat(3000))
}

/// Never.
#[fanout::sse(path = "/guards/large/{of}", channel = "guards-{of}", guard = too_much)]
pub fn large() {}

/// The endpoints of this module.
#[fanout::endpoints(sse, poll, ws, own, cookie, place, large)]
pub enum Endpoints {}
