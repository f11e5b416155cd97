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

/// Callers are warned, and nobody calls it.
#[fanout::sse(channel = "old-{room}", path = "/old/{room}")]
#[deprecated(note = "use `news`")]
fn old(room: &str) -> Event {
    Event::comment(room)
}

#[fanout::sse(channel = "older")]
#[deprecated]
fn older() {}

#[deprecated]
#[fanout::ws(name = r#Old)]
fn old_chat(text: &str) -> String {
    text.to_owned()
}

#[derive(Default, serde::Serialize, serde::Deserialize)]
struct Chat {
    count: u32,
}

#[fanout::ws]
impl Chat {
    #[deprecated]
    fn text(&mut self, text: &str) -> String {
        self.count += 1;
        text.to_owned()
    }

    #[cfg_attr(all(), deprecated = "use `text`")]
    fn binary(&mut self) {
        self.count += 1;
    }

    fn disconnect(&mut self) {
        self.count += 1;
    }
}

/// Serves nothing else.
#[doc(hidden)]
#[allow(clippy::missing_const_for_fn)]
#[fanout::main(news, log, BothSse, BothStream, both, inside, old, older, Old, Chat)]
#[inline(never)]
fn main() {
    let _ = old::channel("a");
    assert!(!news_is_long());
}

const fn news_is_long() -> bool {
    false
}
