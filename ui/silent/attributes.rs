//! Functions with attributes of their own, and with several of ours.

use fanout::{Event, RequestHead};

/// A doc comment,
/// of two lines, with `code` and a [`link`](RequestHead).
#[inline]
#[must_use]
#[fanout::sse(channel = "news")]
#[track_caller]
#[expect(unused_variables, reason = "only to see that it reaches the function")]
fn news(head: &RequestHead<'_>) -> Event {
    Event::comment("welcome")
}

#[doc = "By attribute."]
#[doc(alias = "journal")]
#[cold]
#[fanout::stream(channel = "log")]
#[allow(clippy::missing_const_for_fn)]
fn log() {}

/** In a block. */
#[fanout::sse(channel = "both", path = "/both/sse", name = BothSse)]
#[fanout::stream(channel = "both", path = "/both/stream", name = BothStream)]
#[fanout::long_poll(channel = "both")]
fn both() {}

#[fanout::ws(echo)]
fn inside() -> &'static str {
    //! Attributes can stand in the body too.
    #![allow(clippy::items_after_statements)]

    let welcome = "welcome";
    #[fanout::ws(echo)]
    fn deeper() {}
    let _ = <deeper as fanout::Endpoint>::ROUTE;
    welcome
}

/// Serves nothing else.
#[doc(hidden)]
#[allow(clippy::missing_const_for_fn)]
#[fanout::main(news, log, BothSse, BothStream, both, inside)]
#[inline(never)]
fn main() {
    assert!(!news_is_long());
}

const fn news_is_long() -> bool {
    false
}
