//! Path parameters, in every place that can use them.

use fanout::prelude::*;

#[fanout::sse(path = "/rooms/{room}", channel = "room-{room}")]
fn in_the_channel() {}

#[fanout::sse(path = "/as/{text}/{owned}/{number}", channel = "all")]
fn as_arguments(text: &str, owned: String, number: u32) -> Event {
    Event::comment(format!("{text} {owned} {number}"))
}

#[fanout::stream(path = "/first/{text}", channel = "{text}")]
fn lifetimes<'a>(head: &'a RequestHead<'a>, text: &'a str) -> &'a str {
    if text.is_empty() { head.path() } else { text }
}

#[fanout::long_poll(path = "/strict/{number}/{*rest}", channel = ["{rest}", "{{rest}}"], strict)]
fn strict(number: std::num::NonZeroU8, rest: String) -> String {
    format!("{number} {rest}")
}

#[fanout::ws(echo, path = "/ws/{type}/{_ignored}", channel = "ws-{type}")]
fn raw(r#type: String) -> String {
    r#type
}

#[fanout::sse(path = concat!("/v", 1, "/together"), channel = concat!("a", 'b'))]
fn together() {}

#[fanout::sse(path = "/configured/{id}", channel = "configured")]
fn configured(#[cfg(any())] missing: Missing, #[cfg(not(any()))] id: u8) -> Event {
    Event::comment(id.to_string())
}

mod nested {
    #[fanout::stream(path = "/nested/{id}", channel = "nested-{id}")]
    pub(super) fn inner() {}

    #[fanout::endpoints(inner)]
    pub(crate) enum Inner {}

    #[cfg(any())]
    #[fanout::endpoints(missing)]
    pub struct Missing;

    #[fanout::endpoints(Inner, #[cfg(any())] Missing)]
    pub(super) struct Endpoints;
}

#[fanout::endpoints()]
struct Empty;

#[fanout::main(
    in_the_channel,
    as_arguments,
    lifetimes,
    strict,
    raw,
    #[cfg(any())]
    missing,
    together,
    configured,
    nested::Endpoints,
    Empty
)]
fn main() {
    let channels: [Channel; 2] = strict::channels("a");
    let _ = (in_the_channel::channel("a"), nested::inner::channel("b"), together::channel(), channels);
    let _ = (Empty, nested::Endpoints);
}
