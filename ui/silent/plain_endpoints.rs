#![forbid(unsafe_code, missing_docs)]
#![deny(nonstandard_style)]
//! Plain endpoints: every attribute, body, return value and place of a guard value.

use std::borrow::Cow;

use fanout::endpoint::InvalidBody;
use fanout::grip::Link;
use fanout::http::{HeaderValue, Method, StatusCode, header};
use fanout::prelude::*;
use fanout::{ClientAddr, ClientGeo, ClientRequest};

/// What a client sends.
#[derive(serde::Serialize, serde::Deserialize)]
struct Goal {
    minute: u8,
}

#[fanout::get]
fn nothing() {}

#[fanout::get(path = "/")]
fn text() -> &'static str {
    "hello"
}

#[fanout::get(path = "/text/{name}")]
fn cow(name: &str) -> Cow<'_, str> {
    name.into()
}

#[fanout::get(path = "/bytes")]
fn bytes() -> Vec<u8> {
    vec![0xff]
}

#[fanout::get(path = "/json/{minute}", strict)]
fn json(minute: u8) -> Result<Option<Json<Goal>>, StatusCode> {
    Ok(Some(Json(Goal { minute })))
}

#[fanout::get(path = "/page", name = Page)]
fn page() -> (StatusCode, [(header::HeaderName, HeaderValue); 1], &'static str) {
    (StatusCode::OK, [(header::CONTENT_TYPE, HeaderValue::from_static("text/html"))], "<p>")
}

#[fanout::post(path = "/goals", max_body = 1_000, cors = ["https://a.example", "https://b.example"])]
fn goal(Json(goal): Json<Goal>) -> (StatusCode, Json<Goal>) {
    (StatusCode::CREATED, Json(goal))
}

#[fanout::put(path = "/goals")]
fn form(Form(goal): Form<Goal>) -> Redirect {
    let _ = goal;
    Redirect::see_other(Link::from_static("/"))
}

#[fanout::patch(path = "/goals", cors = "*")]
fn optional(goal: Option<Json<Goal>>, Query(all): Query<Vec<(String, String)>>) -> Option<String> {
    goal.map(|Json(goal)| format!("{} {}", goal.minute, all.len()))
}

#[fanout::delete(path = "/goals")]
fn reason(goal: Result<Body<String>, InvalidBody>) -> Result<String, InvalidBody> {
    goal.map(|Body(text)| text)
}

/// A guard value that is neither written nor read, and borrows.
struct User<'r>(&'r str);

fn user<'r>(number: u32, head: &'r RequestHead<'r>) -> Result<User<'r>, Answer> {
    match head.header("x-user").and_then(|name| name.to_str().ok()) {
        Some(name) if number > 0 => Ok(User(name)),
        _ => Err(Answer::text(401, "sign in\n")),
    }
}

#[fanout::route(path = "/guarded/{number}", methods = ["PUT", "DELETE"], guard = user(number))]
fn guarded(method: Method, Guarded(user): Guarded<&User<'_>>, Body(body): Body<Vec<u8>>) -> String {
    format!("{method} {} {}", user.0, body.len())
}

#[fanout::get(path = "/client")]
fn client(ClientAddr(addr): ClientAddr, geo: Option<ClientGeo>, request: ClientRequest<'_>) -> String {
    format!("{addr} {} {}", geo.is_some(), request.get_path())
}

#[fanout::post(path = "/request")]
fn request(request: Request) -> Answer {
    Answer::new(StatusCode::OK).with_body(request.into_body_bytes())
}

#[fanout::long_poll(path = "/poll", channel = "poll", methods = ["GET", "POST"])]
fn poll(goal: Option<Json<Goal>>) -> String {
    goal.map_or_else(String::new, |Json(goal)| goal.minute.to_string())
}

#[fanout::ws(path = "/json/{minute}/chat")]
fn chat(minute: u8, message: Json<Goal>) -> Json<u8> {
    Json(message.0.minute - minute)
}

/// A message of the user's own that is called like an extractor of the body.
mod own {
    use std::convert::Infallible;

    use fanout::websocket::{FromMessage, Incoming};

    pub struct Body(String);

    impl<'m> FromMessage<'m> for Body {
        type Rejection = Infallible;

        fn from_message(message: Incoming<'m>) -> Result<Self, Infallible> {
            Ok(Self(format!("{message:?}")))
        }
    }

    #[derive(Default, serde::Serialize, serde::Deserialize)]
    pub struct Chat(u32);

    #[fanout::ws(path = "/own")]
    impl Chat {
        fn message(&mut self, message: Body) -> String {
            self.0 += 1;
            format!("{} {}", self.0, message.0)
        }
    }
}

#[fanout::endpoints(goal, form, optional, reason)]
enum Goals {}

#[fanout::main(nothing, text, cow, bytes, json, Page, Goals, guarded, client, request, poll, chat, own::Chat)]
fn main() {}
