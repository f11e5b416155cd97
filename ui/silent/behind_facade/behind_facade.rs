//! A crate that gets `fanout` from another crate, and does not depend on it.

use facade::fanout::prelude::*;
use facade::realtime;

#[facade::fanout::sse(channel = "news", crate = facade::fanout)]
fn news(head: &RequestHead<'_>) -> Option<Event> {
    head.query().map(Event::data)
}

#[realtime::stream(channel = "log", crate = facade::fanout)]
fn log() {}

mod inner {
    #[facade::fanout::ws(echo, crate = ::facade::fanout)]
    pub fn chat() {}
}

mod by_macro {
    facade::room!(room);
    facade::list!(Endpoints: room);
}

#[facade::fanout::main(news, log, inner::chat, by_macro::Endpoints, crate = facade::fanout)]
fn main(request: Request) -> Response {
    Response::from_body(request.into_body())
}
