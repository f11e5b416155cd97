//! Plain endpoints: bodies, methods, shared paths, guards.

use fanout::endpoint::InvalidBody;
use fanout::grip::Hold;
use fanout::http::{Method, StatusCode};
use fanout::prelude::*;
use fanout::publish::{Message, PublishError};
use fanout::websocket;
use fanout::{ClientAddr, ClientGeo, ClientRequest};
use serde::{Deserialize, Serialize};

/// The item that is published to a room.
#[derive(Serialize, Deserialize)]
struct Goal {
    minute: u8,
    player: String,
}

/// The stream of a room, for pages of one origin.
#[fanout::sse(path = "/plain/rooms/{room}", channel = "plain-{room}", cors = "http://page.example")]
fn room() {}

/// Publishes to it, for pages of two origins.
#[fanout::post(path = "/plain/rooms/{room}", cors = ["http://page.example", "http://other.example"])]
fn publish(room: &str, Json(goal): Json<Goal>) -> Result<(), PublishError> {
    fanout::publish(room::channel(room), Message::json(&goal).expect("it is JSON"))
}

/// Ends it, for pages of the other origin.
#[fanout::delete(path = "/plain/rooms/{room}", cors = "http://other.example")]
fn end(room: &str) -> String {
    format!("{room:?} is over\n")
}

/// A WebSocket that shares its path.
#[fanout::ws(path = "/plain/chat")]
fn chat(message: websocket::Message) -> websocket::Message {
    message
}

/// The other method of it.
#[fanout::post(path = "/plain/chat")]
fn say(Body(text): Body<String>) -> String {
    text
}

/// Text, and its head.
#[fanout::get(path = "/plain/text")]
fn text() -> &'static str {
    "some text\n"
}

/// Some methods, which the answer names.
#[fanout::route(path = "/plain/methods", methods = ["PUT", "PATCH"])]
fn methods(method: Method) -> String {
    method.to_string()
}

/// The number of bytes, up to ten.
#[fanout::post(path = "/plain/ten", max_body = 10)]
fn ten(Body(bytes): Body<Vec<u8>>) -> String {
    bytes.len().to_string()
}

/// The number of bytes, up to the default.
#[fanout::post(path = "/plain/default")]
fn default(Body(bytes): Body<Vec<u8>>) -> String {
    bytes.len().to_string()
}

/// The number of bytes, read by the handler itself.
#[fanout::post(path = "/plain/request", max_body = 10)]
fn request(mut request: Request) -> String {
    let len = request.take_body_bytes().len();
    format!("{} {len}", request.get_header_str("x-user").unwrap_or("nobody"))
}

/// A body that nothing takes.
#[fanout::post(path = "/plain/nothing")]
fn nothing() {}

/// A form, by `?`.
#[fanout::put(path = "/plain/form")]
fn form(Form(goal): Form<Goal>) -> (StatusCode, Json<Goal>) {
    (StatusCode::CREATED, Json(goal))
}

/// A body, if there is one.
#[fanout::post(path = "/plain/optional")]
fn optional(goal: Option<Json<Goal>>) -> Option<Json<Goal>> {
    goal
}

/// The reason why a body is invalid.
#[fanout::post(path = "/plain/reason", max_body = 100)]
fn reason(goal: Result<Json<Goal>, InvalidBody>) -> String {
    goal.map_or_else(|invalid| format!("{invalid:?}"), |Json(goal)| goal.player)
}

type Taken = Body<String>;

/// A body that is taken twice, which the attribute cannot see.
#[fanout::post(path = "/plain/twice")]
fn twice(Body(first): Body<String>, Body(second): Taken) -> String {
    first + &second
}

/// The body of a long poll.
#[fanout::long_poll(path = "/plain/poll", channel = "plain", methods = "POST", status = 202)]
fn poll(Json(goal): Json<Goal>) -> Poll<String, ()> {
    Poll::Now(goal.player)
}

/// A channel of the body.
fn of_body(Body(name): Body<String>) -> Result<Channel, fanout::grip::InvalidChannel> {
    Channel::new(name)
}

/// A stream whose channel is in its body.
#[fanout::stream(path = "/plain/of-body", channel = of_body, methods = "POST")]
fn of_the_body() -> &'static str {
    "open\n"
}

/// A stream whose body is taken by its channel function too.
#[fanout::stream(path = "/plain/both", channel = of_body, methods = "POST")]
fn both(Body(text): Body<String>) -> String {
    text
}

/// A guard value that serde does not know.
struct User<'r>(&'r str);

fn user<'r>(head: &'r RequestHead<'r>) -> Result<User<'r>, Answer> {
    let name = head.header("x-user").and_then(|name| name.to_str().ok());
    name.map(User).ok_or_else(|| Answer::text(401, "sign in first\n"))
}

/// Names the user of the guard, after the body.
#[fanout::post(path = "/plain/guarded/{number}", guard = user, max_body = 10)]
fn guarded(number: u8, Guarded(user): Guarded<&User<'_>>, Body(text): Body<String>) -> String {
    format!("{number} {} {text}", user.0)
}

/// The facts that are known of the client.
#[fanout::get(path = "/plain/client")]
fn client(addr: Option<ClientAddr>, geo: Option<ClientGeo>, request: Option<ClientRequest<'_>>) -> String {
    format!(
        "{} {} {}",
        addr.is_some(),
        geo.is_some(),
        request.is_some_and(|request| request.get_path() == "/plain/client")
    )
}

/// The client's address, or a refusal.
#[fanout::get(path = "/plain/address")]
fn address(ClientAddr(addr): ClientAddr) -> String {
    addr.to_string()
}

/// Tries to hold.
#[fanout::get(path = "/plain/holds")]
fn holds() -> Answer {
    Hold::sse(Channel::from_static("secret")).into()
}

/// Fails.
#[fanout::post(path = "/plain/panics", cors = "http://page.example")]
fn panics(Body(text): Body<String>) -> Answer {
    panic!("{text}")
}

/// The endpoints of this module.
#[fanout::endpoints(
    room,
    publish,
    end,
    chat,
    say,
    text,
    methods,
    ten,
    default,
    request,
    nothing,
    form,
    optional,
    reason,
    twice,
    poll,
    of_the_body,
    both,
    guarded,
    client,
    address,
    holds,
    panics
)]
pub enum Endpoints {}
