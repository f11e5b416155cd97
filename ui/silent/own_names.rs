//! A crate that has its own items under the names that generated code could rely on.

#![allow(nonstandard_style, unused, clippy::wrong_self_convention)]

mod fanout {
    pub struct __private;
}
mod fastly {}
mod core {}
mod std {}
mod alloc {}

enum Option {
    Some,
    None,
}
enum Result {
    Ok,
    Err,
}
use Option::{None, Some};
use Result::{Err, Ok};

struct Request;
struct Response;
struct String;
struct Vec;
struct Box;
struct Route;
struct Channel;
struct Hold;
struct Event;
struct Answer;
struct str;
struct bool;
struct u32;

trait Fn {}
trait FnOnce {}
trait Into {}
trait From {}
trait Endpoint {
    const ROUTE: u8 = 0;
}
trait FromRequest {}
trait IntoEvents {
    fn into_events(&self) {}
}
impl<T> Endpoint for T {}
impl<T> IntoEvents for T {}

macro_rules! vec {
    () => {};
}
macro_rules! panic {
    () => {};
}

#[::fanout::sse(channel = "news")]
fn news() {}

#[::fanout::stream(channel = "log")]
fn log(head: &::fanout::RequestHead<'_>) -> ::std::string::String {
    ::std::string::String::from(head.path())
}

#[::fanout::long_poll(channel = "score", timeout = 30)]
fn score() {}

#[::fanout::ws(echo, channel = ["chat", "news"])]
fn chat() -> ::std::option::Option<&'static [u8]> {
    ::std::option::Option::None
}

#[::fanout::main(news, log, score, chat)]
fn main(request: ::fanout::prelude::Request) -> ::fanout::prelude::Response {
    ::fanout::prelude::Response::from_body(request.into_body())
}
