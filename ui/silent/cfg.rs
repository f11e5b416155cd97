//! `#[cfg]` on endpoints and on entries, and attributes that come with it.

#[cfg(debug_assertions)]
#[fanout::sse(channel = "debug")]
fn debug() {}

#[fanout::stream(channel = "release")]
#[cfg(not(debug_assertions))]
fn release() {}

#[cfg(any())]
#[fanout::ws(echo)]
fn never(missing: Missing) {}

#[cfg_attr(all(), fanout::ws(echo))]
fn through_an_attribute() {}

#[fanout::ws(echo, path = "/either")]
#[cfg_attr(all(), cfg(any()))]
fn either() -> Missing {}

#[fanout::ws(channel = "either")]
#[cfg_attr(all(), cfg(all()), inline)]
fn either() {}

#[fanout::sse(channel = "news", path = "/news/{id}")]
fn news(#[cfg_attr(all(), cfg(any()))] missing: Missing, #[cfg_attr(any(), cfg(any()))] id: u8) -> fanout::Event {
    fanout::Event::comment(id.to_string())
}

#[derive(Default, serde::Serialize, serde::Deserialize)]
struct Nothing;

#[fanout::ws]
impl Nothing {
    #[cfg(any())]
    fn text(&mut self, missing: Missing) -> Missing {}

    #[cfg_attr(all(), cfg(any()))]
    fn open(missing: Missing) -> Missing {}

    #[cfg(any())]
    fn disconnect(&mut self) {}
}

#[derive(Default, serde::Serialize, serde::Deserialize)]
struct Either {
    count: u32,
}

#[fanout::ws(path = "/chat")]
impl Either {
    #[cfg(not(any()))]
    fn message(&mut self) {
        self.count += 1;
    }

    #[cfg(any())]
    fn text(&mut self, missing: Missing) {}

    #[cfg_attr(all(), cfg(any()))]
    fn binary(&mut self, missing: Missing) {}

    #[cfg(any())]
    fn close(&mut self, missing: Missing) {}

    #[cfg_attr(all(), cfg(all()))]
    fn close(&mut self) {
        self.count -= 1;
    }
}

#[fanout::main(
    #[cfg(debug_assertions)]
    debug,
    #[cfg(not(debug_assertions))]
    release,
    #[cfg(any())]
    never,
    through_an_attribute,
    either,
    news,
    Nothing,
    Either,
)]
#[cfg(any(unix, windows))]
fn main() {}

#[cfg(any())]
fn main() {}
