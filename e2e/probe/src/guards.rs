//! Guards, and the guard values that reach handlers.

use fanout::endpoint::{GuardValue, guard_value};
use fanout::grip::sig::{Key, Policy};
use fanout::grip::websocket::Event as Received;
use fanout::grip::{InvalidLink, Link, Subscription};
use fanout::prelude::*;
use fanout::websocket::Reply;
use fanout::{ClientAddr, ClientGeo, ClientRequest, Guarded, Route};
use serde::{Deserialize, Serialize};

/// Fanout, and a proxy of our own.
pub fn trusted() -> Policy {
    let key = Key::hs256("the key of a proxy that we run ourselves").expect("it has 32 bytes");
    fanout::policy().trust(key, "self-run")
}

/// The user of a request.
#[derive(Clone, Serialize, Deserialize)]
pub struct User {
    name: String,
    /// `true` if the guard ran on the client request, where it knows the client.
    on_client_request: bool,
}

/// Admits clients that give a name.
fn signed_in(head: &RequestHead<'_>, addr: Option<ClientAddr>) -> Result<User, Answer> {
    let name = head.header("x-user").and_then(|name| name.to_str().ok());
    let name = name.ok_or_else(|| Answer::text(401, "say who you are\n"))?;
    Ok(User { name: name.to_owned(), on_client_request: addr.is_some() })
}

impl User {
    fn greeting(&self) -> String {
        format!(
            "{} {}",
            self.name,
            if self.on_client_request { "on the client request" } else { "on the Fanout request" }
        )
    }
}

/// Greets.
#[fanout::sse(path = "/language/guard/sse", channel = "guarded", guard = signed_in)]
fn sse(Guarded(user): Guarded<&User>) -> String {
    user.greeting()
}

/// Opens for Alice if the guard ran on the client request. It sends no greeting, because Viceroy 0.22 sometimes drops
/// what comes together with the answer that opens a WebSocket.
#[fanout::ws(path = "/language/guard/ws/{room}", channel = "guarded-{room}", guard = in_room(room))]
fn ws(Guarded(user): Guarded<User>) -> Result<(), Answer> {
    if user.greeting() == "alice on the client request" {
        Ok(())
    } else {
        Err(Answer::text(409, user.greeting()))
    }
}

/// Admits clients that give a name, and to one room only.
fn in_room(room: &str, head: &RequestHead<'_>, addr: Option<ClientAddr>) -> Result<User, Answer> {
    if room == "open" { signed_in(head, addr) } else { Err(Answer::text(403, "closed\n")) }
}

/// Greets with each message, since each request has the guard value.
pub enum Talk {}

impl Endpoint for Talk {
    const ROUTE: Route = Route::ws("/language/guard/talk", |head, events| {
        let user = match guard_value(head, |head| signed_in(head, None)) {
            Ok(user) => user,
            Err(answer) => return answer,
        };
        let mut reply = Reply::new();
        for event in events {
            match event {
                Ok(Received::Open) => reply.open(),
                Ok(Received::Text(_)) => reply.text(user.greeting()),
                Ok(Received::Close(content)) => reply.answer_close(content),
                _ => {}
            }
        }
        reply.into()
    })
    .guard(|head| GuardValue::new(&User { on_client_request: true, ..signed_in(head, None)? }));
}

/// The header of the guard value as a handler sees it: by its name, and in the request.
#[fanout::long_poll(path = "/language/guard/header", channel = "guarded", guard = signed_in)]
fn header(head: &RequestHead<'_>, request: Request) -> Poll<String, ()> {
    seen(head, &request)
}

/// The same without a guard.
#[fanout::long_poll(path = "/language/guard/none", channel = "guarded")]
fn none(head: &RequestHead<'_>, request: Request) -> Poll<String, ()> {
    seen(head, &request)
}

fn seen(head: &RequestHead<'_>, request: &Request) -> Poll<String, ()> {
    let (guard_value, last) = (head.headers("fanout-guard"), head.headers("grip-last"));
    Poll::Now(format!("{guard_value:?} {} {last:?}", request.get_header_all("fanout-guard").count()))
}

fn refuse_all() -> Result<(), Answer> {
    Err(Answer::text(403, "not you\n"))
}

fn anybody() -> Result<(), Answer> {
    Ok(())
}

/// Admits no client.
#[fanout::long_poll(path = "/language/guard/door/admin", channel = "guarded", guard = refuse_all)]
fn admin() -> Poll<&'static str, ()> {
    Poll::Now("in")
}

/// Admits every client, with the same guard value as the other guard.
#[fanout::long_poll(path = "/language/guard/door/{name}", channel = "guarded", guard = anybody)]
fn door(name: &str) -> Poll<String, ()> {
    Poll::Now(name.to_owned())
}

/// Admits every client.
#[fanout::sse(path = "/language/guard/orders", channel = "guarded", guard = anybody)]
fn orders() {}

/// Admits no client, on the same path.
#[fanout::long_poll(path = "/language/guard/orders", channel = "guarded", methods = "POST", guard = refuse_all)]
fn order() -> Poll<&'static str, ()> {
    Poll::Now("ordered")
}

/// Greets the user, and resumes with the query of the client.
#[fanout::sse(path = "/language/guard/again", channel = "again", guard = signed_in)]
fn again(head: &RequestHead<'_>, Guarded(user): Guarded<&User>) -> Result<WithHold<Event>, InvalidLink> {
    let next = Link::new(format!("{}?{}", head.path(), head.query().unwrap_or_default()))?;
    let seen = Subscription::new(Channel::from_static("again")).prev_id("1");
    let first = Event::data(format!("{} {:?}", user.greeting(), head.query()));
    Ok(WithHold::new(first, |hold| hold.channel(seen).next(next)))
}

/// A guard value that is too long for its header.
fn too_much() -> Result<String, Answer> {
    Ok("x".repeat(3000))
}

/// Never.
#[fanout::sse(path = "/language/guard/large", channel = "guarded", guard = too_much)]
fn large() {}

/// A guard value that serde writes, and cannot read back if it has no seats.
#[derive(Serialize, Deserialize)]
struct Ticket {
    id: u32,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    seats: Vec<u32>,
}

/// Spends it.
fn spent(head: &RequestHead<'_>) -> Result<Ticket, Answer> {
    println!("a ticket is spent: {}", head.query().unwrap_or_default());
    let seats = if head.query() == Some("seated") { vec![7] } else { Vec::new() };
    Ok(Ticket { id: 1, seats })
}

/// Says where it is for.
#[fanout::long_poll(path = "/language/guard/ticket", channel = "guarded", guard = spent)]
fn ticket(Guarded(ticket): Guarded<&Ticket>) -> Poll<String, ()> {
    Poll::Now(format!("{} {:?}", ticket.id, ticket.seats))
}

/// Everything that a guard can know of a client.
#[derive(Serialize, Deserialize)]
struct Place {
    addr: String,
    country: Option<String>,
    header: String,
    tls: bool,
}

fn whereabouts(addr: ClientAddr, geo: Option<ClientGeo>, client: ClientRequest<'_>) -> Result<Place, Answer> {
    Ok(Place {
        addr: addr.0.to_string(),
        country: geo.map(|geo| geo.0.country_code().to_owned()),
        header: client.get_header_str("x-user").unwrap_or_default().to_owned(),
        tls: matches!(client.get_tls_protocol(), Ok(Some(_))),
    })
}

/// Says it.
#[fanout::long_poll(path = "/language/guard/place", channel = "guarded", guard = whereabouts)]
fn place(Guarded(place): Guarded<&Place>) -> Poll<String, ()> {
    let Place { addr, country, header, tls } = place;
    Poll::Now(format!("{addr} {country:?} {header} {tls}"))
}

/// The endpoints of this module.
#[fanout::endpoints(sse, ws, Talk, header, none, large, place, admin, door, orders, order, again, ticket)]
pub enum Endpoints {}
