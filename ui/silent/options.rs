//! Every option, in every form it has.

use std::net::IpAddr;

use fanout::grip::{Filter, Subscription};
use fanout::prelude::*;
use fanout::{ClientAddr, ClientGeo, ClientRequest, Guarded};

#[derive(Clone, serde::Serialize, serde::Deserialize)]
struct User(String);

fn anybody(_: &RequestHead) -> Result<(), Answer> {
    Ok(())
}

fn known(room: &str, id: u8, addr: ClientAddr, head: &RequestHead) -> Result<User, Answer> {
    Ok(User(format!("{room} {id} {} {}", addr.0, head.path())))
}

fn local(addr: Option<ClientAddr>, geo: Option<ClientGeo>, client: ClientRequest) -> Result<Option<IpAddr>, Answer> {
    let _ = (geo, client.get_tls_protocol().is_ok());
    Ok(addr.map(|addr| addr.0))
}

#[fanout::sse(channel = "a", guard = anybody)]
fn guarded() {}

#[fanout::ws(echo, path = "/rooms/{room}/{id}", channel = "{room}", guard = known(room, id))]
fn with_guard_value(Guarded(user): Guarded<&User>, again: Guarded<User>) -> String {
    user.0.clone() + &again.0.0
}

#[fanout::stream(channel = "b", guard = self::local)]
fn placed(addr: Guarded<Option<IpAddr>>) -> String {
    format!("{:?}", addr.0)
}

mod topics {
    use super::{Answer, Channel, Filter, Guarded, RequestHead, Subscription, User};

    pub(crate) fn of_request(head: &RequestHead) -> Vec<Channel> {
        head.query().and_then(|query| Channel::new(query).ok()).into_iter().collect()
    }

    pub(crate) fn of_room(room: String, user: Guarded<&User>) -> Result<[Subscription; 2], Answer> {
        let channel = Channel::new(format!("{room}-{}", user.0.0)).map_err(|error| Answer::text(400, error.to_string()))?;
        Ok([Subscription::new(channel).filter(Filter::SkipSelf), Channel::from_static("all").into()])
    }
}

#[fanout::long_poll(channel = topics::of_request)]
fn found() {}

#[fanout::sse(path = "/of/{room}/{id}", channel = topics::of_room(room), guard = known(room, id))]
fn found_for_user() {}

#[fanout::sse(
    path = "/all/{room}",
    channel = "all",
    keep_alive = every("1m", "event: awake\ndata: \n\n"),
    next = "/all/{room}?missed",
    next_after = "1m",
    gone = "https://example.com/gone/{room}",
    methods = ["GET", "POST", "PUT", "PATCH", "DELETE"],
    cors = ["https://www.example.com", "http://localhost:8080"],
    headers = [("X-Feed", "live"), ("Cache-Control", "private")],
    expose_headers = ["X-Feed"],
    status = 202,
    meta = [("user", "{room}"), ("place", "here")],
    backend = "self"
)]
fn everything() {}

#[fanout::sse(channel = "off", keep_alive = off, cors = "*", methods = "POST")]
fn off(request: Request) -> Event {
    Event::comment(request.get_path().to_owned())
}

#[fanout::stream(channel = "dots", keep_alive = idle(20, "."), content_type = "text/html; charset=utf-8", meta = ("a", "b"))]
fn dots() {}

#[fanout::long_poll(channel = "minute", timeout = "1m", headers = ("X-Feed", "live"))]
fn minute() {}

#[fanout::main(guarded, with_guard_value, placed, found, found_for_user, everything, off, dots, minute)]
fn main() {}
