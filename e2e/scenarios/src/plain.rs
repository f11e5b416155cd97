//! Plain endpoints: bodies, methods, shared paths.

use fanout::ClientAddr;
use fanout::http::{Method, StatusCode};
use fanout::prelude::*;
use fanout::publish::{Message, PublishError};
use serde::{Deserialize, Serialize};

/// A message of a room.
#[derive(Serialize, Deserialize)]
pub struct Said {
    nickname: String,
    text: String,
}

/// The stream of a room, for pages of one origin.
#[fanout::sse(path = "/plain/room/{of}", channel = "plain-{of}", cors = "https://page.example")]
pub fn room() {}

/// Says something in it, for pages of the same origin.
#[fanout::post(path = "/plain/room/{of}", cors = "https://page.example")]
pub fn say(of: &str, Json(said): Json<Said>) -> Result<(), PublishError> {
    let message = Message::json(&said).expect("all fields are texts");
    fanout::publish(room::channel(of), message)
}

/// Ends it.
#[fanout::delete(path = "/plain/room/{of}")]
pub fn end(of: &str) -> Result<String, PublishError> {
    fanout::publish(room::channel(of), Message::close(fanout::close_code!(1000), "over"))?;
    Ok(format!("{of} is over\n"))
}

/// A WebSocket that shares its path.
#[fanout::ws(echo, path = "/plain/chat/{of}", channel = "plain-{of}")]
pub fn chat() {}

/// The other method of it.
#[fanout::post(path = "/plain/chat/{of}")]
pub fn mention(of: &str, Body(text): Body<String>) -> Result<StatusCode, PublishError> {
    fanout::publish(chat::channel(of), text)?;
    Ok(StatusCode::ACCEPTED)
}

/// JSON, or nothing.
#[fanout::get(path = "/plain/square/{_of}/{number}")]
pub fn square(number: u32) -> Result<Option<Json<u32>>, (StatusCode, &'static str)> {
    match number {
        0 => Ok(None),
        _ => number
            .checked_mul(number)
            .map(Json)
            .map(Some)
            .ok_or((StatusCode::UNPROCESSABLE_ENTITY, "too large\n")),
    }
}

/// Two methods.
#[fanout::route(path = "/plain/methods/{_of}", methods = ["PUT", "PATCH"])]
pub fn methods(method: Method) -> String {
    method.to_string()
}

/// The length of a short body.
#[fanout::post(path = "/plain/ten/{_of}", max_body = 10)]
pub fn ten(Body(bytes): Body<Vec<u8>>) -> String {
    bytes.len().to_string()
}

/// A form.
#[fanout::put(path = "/plain/form/{_of}")]
pub fn form(Form(said): Form<Said>) -> (StatusCode, Json<Said>) {
    (StatusCode::CREATED, Json(said))
}

/// The name of a client, in a type that is no JSON.
pub struct Member {
    name: String,
}

fn member(head: &RequestHead<'_>) -> Result<Member, StatusCode> {
    let name = head.header("x-member").and_then(|name| name.to_str().ok()).ok_or(StatusCode::UNAUTHORIZED)?;
    Ok(Member { name: name.to_owned() })
}

/// For members on this machine.
#[fanout::post(path = "/plain/guarded/{_of}/{number}", guard = member, max_body = 10)]
pub fn guarded(
    number: u8,
    Guarded(member): Guarded<&Member>,
    ClientAddr(addr): ClientAddr,
    Body(text): Body<String>,
) -> String {
    format!("{number} {} {} {text}", member.name, addr.is_loopback())
}

/// A poll that takes a body.
#[fanout::long_poll(path = "/plain/poll/{of}", channel = "plain-{of}", methods = "POST", timeout = 5)]
pub fn poll(Json(said): Json<Said>) -> String {
    format!("nothing for {}\n", said.nickname)
}

/// A stream that tells when its client has left.
#[fanout::stream(path = "/plain/left/{of}", channel = "plain-{of}", gone = "/plain/gone/{of}")]
pub fn left() -> &'static str {
    "open\n"
}

/// Hears of it.
#[fanout::post(path = "/plain/gone/{of}")]
pub fn gone(of: &str) -> Result<(), PublishError> {
    fanout::publish(crate::connections::told::channel(of), Message::text("gone\n").unframed())
}

/// The endpoints of this module.
#[fanout::endpoints(room, say, end, chat, mention, square, methods, ten, form, guarded, poll, left, gone)]
pub enum Endpoints {}
