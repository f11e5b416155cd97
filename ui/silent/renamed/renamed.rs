//! The crate under another name, beside a module with the name `fanout`.

#![forbid(unsafe_code, nonstandard_style, unused, unused_qualifications, unreachable_pub)]

use realtime::prelude::*;

mod fanout {}

#[realtime::sse(channel = "news", crate = realtime)]
fn news(head: &RequestHead<'_>) -> Option<Event> {
    head.query().map(Event::data)
}

mod inner {
    #[realtime::stream(channel = ["a", "b"], crate = ::realtime)]
    pub(crate) fn log() {}

    #[realtime::long_poll(channel = "score", timeout = 30, crate = realtime)]
    pub(crate) fn score() {}
}

use realtime as live;

#[live::ws(crate = live, echo, backend = "me")]
fn chat() {}

#[realtime::main(news, inner::log, inner::score, chat, crate = crate::live)]
fn main(request: Request) -> Response {
    Response::from_body(request.into_body())
}
