//! An app that words every refusal itself, with an endpoint for each reason.

use fanout::endpoint::GuardValue;
use fanout::grip::Hold;
use fanout::grip::{InvalidChannel, InvalidEvent, InvalidLink, Link};
use fanout::headers::Authorization;
use fanout::headers::authorization::Bearer;
use fanout::history::{HistoryError, MemoryHistory};
use fanout::http::{HeaderName, HeaderValue, header};
use fanout::prelude::*;
use fanout::publish::{Item, PublishError};
use fanout::websocket::Reply;
use fanout::{ClientAddr, Reason, Route};
use serde::Deserialize;
use serde_json::json;

/// Problem details with all that a rejection has. `X-Refuse` makes it do something else.
fn problem(rejection: &Rejection<'_>) -> Answer {
    let head = rejection.head();
    match head.and_then(|head| head.header("x-refuse")).map(HeaderValue::as_bytes) {
        Some(b"panic") => panic!("the secret of refuse"),
        Some(b"hold") => return Hold::sse(Channel::from_static("secret")).into(),
        Some(b"open") => {
            let mut reply = Reply::new();
            reply.open();
            reply.text("secret");
            return reply.into();
        }
        Some(b"headers") => {
            let value = HeaderValue::from_static("own");
            let names = ["allow", "upgrade", "vary", "access-control-allow-origin", "x-own"];
            let names = names.map(HeaderName::from_static);
            return names.into_iter().fold(Answer::new(StatusCode::IM_A_TEAPOT), |answer, name| {
                answer.with_header(name, value.clone())
            });
        }
        Some(b"event") => return Refusal::event("refused", rejection.to_string()).into_answer(),
        Some(b"long") => return Answer::text(403, "x".repeat(100_001)),
        _ => {}
    }
    let status = rejection.status();
    let problem = json!({
        "title": status.canonical_reason(),
        "status": status.as_u16(),
        "detail": rejection.to_string(),
        "reason": format!("{:?}", rejection.reason()),
        "endpoint": rejection.endpoint(),
        "request": head.map(|head| format!("{} {}?{}", head.method(), head.path(), head.query().unwrap_or(""))),
    });
    let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"))];
    (status, kind, Json(problem)).into_answer()
}

/// A path parameter that is a number, and answers 400.
#[fanout::sse(path = "/strict/{number}", channel = "a", strict)]
fn strict(number: u8) -> String {
    number.to_string()
}

/// A path parameter that is a number, and answers 404.
#[fanout::sse(path = "/number/{number}", channel = "a", cors = "http://page.example")]
fn number(number: u8) -> String {
    number.to_string()
}

#[derive(Deserialize)]
struct Asked {
    text: String,
}

/// A query, of which a channel, an event and a link are made.
#[fanout::sse(path = "/channel", channel = of_query)]
fn channel() {}

fn of_query(Query(asked): Query<Asked>) -> Result<Channel, InvalidChannel> {
    Channel::new(asked.text)
}

/// The id of an event.
#[fanout::sse(path = "/event", channel = "a")]
fn event(Query(asked): Query<Asked>) -> Result<Event, InvalidEvent> {
    Event::data("").id(asked.text)
}

/// A link.
#[fanout::sse(path = "/link", channel = "a")]
fn link(Query(asked): Query<Asked>) -> Result<(), InvalidLink> {
    Link::new(asked.text).map(drop)
}

/// A header.
#[fanout::stream(path = "/header", channel = "a")]
fn token(TypedHeader(token): TypedHeader<Authorization<Bearer>>) -> String {
    token.token().to_owned()
}

/// A body.
#[fanout::long_poll(path = "/body", channel = "a", methods = ["GET", "POST"], cors = "http://page.example")]
fn body() -> Poll<&'static str, ()> {
    Poll::Now("taken\n")
}

/// A body in JSON.
#[fanout::post(path = "/json", cors = "http://page.example")]
fn in_json(Json(asked): Json<Asked>) -> String {
    asked.text
}

/// A body that is text.
#[fanout::post(path = "/text")]
fn in_text(Body(text): Body<String>) -> String {
    text
}

/// A channel of the guard value.
#[fanout::sse(path = "/guarded", channel = "user-{guard}", guard = named)]
fn guarded() {}

fn named(Query(asked): Query<Asked>) -> Result<String, Answer> {
    Ok(asked.text)
}

/// A value that may not be there.
#[fanout::get(path = "/optional")]
fn optional() -> Option<String> {
    None
}

fn of_address(ClientAddr(address): ClientAddr) -> Result<(), Answer> {
    if address.is_loopback() { Ok(()) } else { Err(Answer::text(403, "own\n")) }
}

/// A guard that needs the address.
#[fanout::sse(path = "/address", channel = "a", guard = of_address)]
fn address() {}

/// The app's own refusals, by the word in the path.
#[fanout::sse(path = "/own/{word}", channel = "a", guard = own(word))]
fn own_answers() {}

fn own(word: &str) -> Result<(), Answer> {
    Err(match word {
        "text" => Answer::text(403, "own\n"),
        "status" => Answer::new(StatusCode::CONFLICT),
        "json" => Answer::json(404, json!({ "own": true })),
        "worded" => Channel::new("").map(drop).unwrap_err().into_answer().with_body("own\n"),
        "panic" => panic!("the secret of a guard"),
        // The app lets `refuse` word it.
        _ => Rejection::new(Reason::NotFound, format_args!("there is no {word}")).into(),
    })
}

/// A guard value that cannot be sent.
enum Unsendable {}

impl fanout::Endpoint for Unsendable {
    const ROUTE: Route =
        Route::sse("/unsendable", |_| Answer::new(StatusCode::OK)).guard(|_| GuardValue::new(&f64::NAN));
}

/// A hold that the proxy would not take.
enum Wrong {}

impl fanout::Endpoint for Wrong {
    const ROUTE: Route = Route::sse("/wrong", |_| {
        let channel = fanout::grip::Subscription::new(Channel::from_static("a")).prev_id("1");
        Hold::sse(channel).into()
    });
}

/// A handler that panics.
#[fanout::sse(path = "/panics", channel = "a", cors = "http://page.example")]
fn panics() -> String {
    panic!("the secret of a handler")
}

/// An item that cannot be published.
#[fanout::sse(path = "/publishes", channel = "a")]
fn publishes() -> Result<(), PublishError> {
    fanout::publish_all([Item::new(Channel::from_static("a"), "text").id("")])
}

/// A stream whose history is in a store that is not there.
#[fanout::sse(path = "/forgets", channel = "a", history = lost)]
fn forgets() {}

fn lost() -> Result<&'static MemoryHistory, HistoryError> {
    Err(HistoryError::permanent("there is no store"))
}

/// An endpoint that is asked where Fanout is not enabled.
#[fanout::sse(path = "/elsewhere", channel = "a", cors = "http://page.example")]
fn elsewhere() {}

/// A WebSocket of one page with one subprotocol. It opens for a query.
#[fanout::ws(path = "/socket", origins = "http://page.example", subprotocols = "json")]
fn socket(Query(asked): Query<Asked>) -> Result<(), Answer> {
    match &*asked.text {
        "own" => Err(Answer::text(403, "own\n")),
        "rejected" => Err(Rejection::new(Reason::NotFound, "there is no such room").into()),
        "channel" => Ok(Channel::new("").map(drop)?),
        "panic" => panic!("the secret of a WebSocket"),
        _ => Ok(()),
    }
}

#[fanout::endpoints(own_answers, panics, publishes, forgets, elsewhere)]
enum Nested {}

#[fanout::main(
    strict,
    number,
    channel,
    event,
    link,
    token,
    body,
    in_json,
    in_text,
    guarded,
    optional,
    address,
    Unsendable,
    Wrong,
    socket,
    Nested,
    refuse = problem
)]
fn main() {}
