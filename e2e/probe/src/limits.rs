//! Bodies of any length, and channels that are another one for each request.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher as _, Hasher as _};

use fanout::http::StatusCode;
use fanout::prelude::*;
use serde::Deserialize;

/// A poll whose body has so many bytes. A comma in the name makes it a hold in JSON.
#[fanout::long_poll(
    path = "/language/limits/poll/{name}/{len}",
    channel = "limits-{name}",
    timeout = "5s",
    cors = "http://page.example",
    methods = ["GET", "POST"]
)]
fn poll(len: usize) -> String {
    "x".repeat(len)
}

/// A stream that begins with so many bytes.
#[fanout::stream(
    path = "/language/limits/stream/{name}/{len}",
    channel = "limits-{name}",
    cors = "http://page.example"
)]
fn stream(len: usize) -> String {
    "x".repeat(len)
}

/// The answer at once.
#[fanout::long_poll(path = "/language/limits/now/{len}", channel = "limits", methods = ["GET", "POST"])]
fn now(len: usize) -> Poll<String, ()> {
    Poll::Now("x".repeat(len))
}

/// A guard that says so.
fn may_post() -> Result<(), (StatusCode, &'static str)> {
    Err((StatusCode::IM_A_TEAPOT, "the guard ran\n"))
}

/// Never runs, because its guard refuses all clients.
#[fanout::long_poll(path = "/language/limits/guarded", channel = "limits", methods = "POST", guard = may_post)]
fn guarded() {}

/// Refuses with so many bytes.
#[fanout::ws(path = "/language/limits/refused/{len}")]
fn refused(len: usize) -> Result<(), Answer> {
    Err(Answer::text(403, "x".repeat(len)))
}

/// Not what an endpoint can return: what `?hold=MODE&filter=NAME&len=N` says, without a look at it.
pub fn unchecked(request: &Request) -> Response {
    let value = |name| request.get_query_parameter(name).unwrap_or_default().to_owned();
    let body = "x".repeat(value("len").parse().unwrap_or_default());
    let response = Response::from_status(200).with_body(body);
    if value("hold").is_empty() {
        return response;
    }
    let response = response.with_header("Grip-Hold", value("hold")).with_header("Grip-Timeout", "5");
    let channel = match &*value("filter") {
        "" => "limits-unchecked".to_owned(),
        filter => format!("limits-unchecked; filter={filter}"),
    };
    response.with_header("Grip-Channel", channel)
}

/// Another one each time.
fn random() -> Channel {
    let number = RandomState::new().build_hasher().finish();
    Channel::new(format!("random-{number}")).expect("it is short")
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

/// The same for the same request.
fn named(Query(named): Query<Named>) -> Result<Channel, Answer> {
    Channel::new(format!("named-{}", named.name)).map_err(IntoAnswer::into_answer)
}

/// A random name, once for each client.
fn draw() -> Result<String, Answer> {
    Ok(random().as_str().to_owned())
}

/// The same for the same request, since the proxy sends the guard value again.
fn drawn(name: Guarded<&String>) -> Result<Channel, Answer> {
    Channel::new(name.0.clone()).map_err(IntoAnswer::into_answer)
}

/// Answered at the timeout.
#[fanout::long_poll(path = "/language/limits/drawn/poll", channel = drawn, guard = draw, timeout = "5s")]
fn drawn_poll() -> &'static str {
    "nothing yet\n"
}

/// Never answered.
#[fanout::long_poll(path = "/language/limits/random/poll", channel = random, timeout = "5s")]
fn random_poll() {}

/// Answered at the timeout.
#[fanout::long_poll(path = "/language/limits/named/poll", channel = named, timeout = "5s")]
fn named_poll() -> &'static str {
    "nothing yet\n"
}

/// A stream of its own.
#[fanout::sse(path = "/language/limits/random/sse", channel = random)]
fn random_sse() {}

/// A stream whose recovery link has its channel.
#[fanout::sse(path = "/language/limits/random/next", channel = random, next = "/language/limits/random/next")]
fn random_next() {}

/// The endpoints with a limit.
#[fanout::endpoints(
    poll,
    stream,
    now,
    guarded,
    refused,
    random_poll,
    named_poll,
    drawn_poll,
    random_sse,
    random_next
)]
pub enum Endpoints {}
