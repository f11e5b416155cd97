//! A crate with macros, modules and types of its own under the names of the standard ones, and every kind of endpoint.

#![deny(warnings)]
#![forbid(unsafe_code)]
#![allow(dead_code, unused_macros)]

extern crate std as standard;

mod alloc {}
mod core {}
mod fastly {}
mod serde {}
mod std {}

struct Err;
struct Ok;
struct Option;
struct Result;
struct Some;
struct String;

trait AsRef {}
trait Clone {}
trait Default {}
trait Display {}
trait IntoIterator {}
trait Iterator {}
trait ToString {}

macro_rules! cfg {
    () => {};
}
macro_rules! compile_error {
    () => {};
}
macro_rules! concat {
    () => {};
}
macro_rules! format {
    () => {};
}
macro_rules! matches {
    () => {};
}
macro_rules! module_path {
    () => {};
}
macro_rules! unreachable {
    () => {};
}

#[derive(::serde::Serialize, ::serde::Deserialize)]
struct User {
    name: u32,
}

fn admit(_: &::fanout::RequestHead<'_>) -> ::standard::result::Result<User, ::fanout::Answer> {
    ::standard::result::Result::Ok(User { name: 5 })
}

#[::fanout::sse(
    path = "/news/{room}",
    channel = ["room-{room}-{guard.name}", "all"],
    guard = admit,
    keep_alive = every("20s", "event: awake\ndata: \n\n"),
    next = "/news/{room}",
    next_after = 60,
    headers = [("X-Feed", "live")],
    expose_headers = ["X-Feed"],
    status = 202,
    meta = [("room", "{room}")],
    cors = ["https://a.example"],
    methods = ["GET", "POST"],
    strict,
)]
fn news(
    room: u32,
    query: ::standard::option::Option<::fanout::Query<User>>,
) -> ::standard::option::Option<::fanout::Event> {
    let is_same = ::standard::option::Option::is_some_and(query, |query| query.0.name == room);
    ::standard::option::Option::Some(::fanout::Event::comment(if is_same { "same" } else { "other" }))
}

#[::fanout::stream(channel = "log", content_type = "text/csv", keep_alive = idle("20s", "\n"))]
fn log() {}

#[::fanout::long_poll(channel = "score", timeout = 30)]
fn score() {}

#[::fanout::ws(
    echo,
    channel = "chat",
    max_message = 10_000,
    subprotocols = ["json"],
    origins = ["https://a.example"],
    keep_alive = idle("30s", "ping"),
    keep_alive_interval = "60s",
)]
fn chat() {}

#[::fanout::get]
fn version() -> &'static str {
    "1\n"
}

#[::fanout::route(path = "/games/{game}", methods = ["PUT", "PATCH"], max_body = 1_000)]
fn game(game: u32, body: ::fanout::Body<::standard::string::String>) -> ::fanout::http::StatusCode {
    let _ = (game, body.0);
    ::fanout::http::StatusCode::OK
}

#[derive(::serde::Serialize, ::serde::Deserialize)]
struct Room {
    count: u32,
}

#[::fanout::ws(channel = "room", guard = admit)]
impl Room {
    fn open(::fanout::Guarded(user): ::fanout::Guarded<&User>) -> Self {
        Self { count: user.name }
    }

    fn text(&mut self, text: &str) -> ::standard::string::String {
        self.count += 1;
        ::standard::convert::From::from(text)
    }

    fn close(&mut self, code: ::standard::option::Option<u16>) {
        self.count += u32::from(::standard::option::Option::is_none(&code));
    }

    fn disconnect(&mut self) {
        self.count = 0;
    }

    fn renew(_: &::fanout::websocket::Stale) -> Self {
        Self { count: 0 }
    }
}

#[::fanout::endpoints(log, score)]
enum Others {}

#[::fanout::main(news, chat, version, game, Room, Others, fallback = "origin")]
fn main() {}
