//! Modules, attributes, entries and a `main` under `#[cfg]`.

#![deny(warnings)]
#![forbid(unsafe_code)]

#[cfg(any())]
mod missing;

#[cfg_attr(all(), path = "nowhere.rs")]
#[cfg(any())]
mod nowhere;

#[cfg(not(any()))]
mod present {
    #[fanout::sse(channel = "news")]
    pub fn news() {}

    #[cfg(any())]
    #[fanout::sse(channel = "never")]
    pub fn never(missing: Missing) {}

    #[fanout::endpoints(news, #[cfg(any())] never)]
    pub enum Endpoints {}
}

#[cfg_attr(not(any()), fanout::get(path = "/one"))]
fn one() -> &'static str {
    "one\n"
}

#[cfg_attr(any(), fanout::get(path = "/not/two"))]
#[cfg_attr(not(any()), fanout::get(path = "/two"))]
fn two() -> &'static str {
    "two\n"
}

#[fanout::main(present::Endpoints, #[cfg(any())] missing::Endpoints, one, two)]
#[cfg(not(any()))]
fn main() {}

#[cfg(any())]
fn main() {
    nowhere::main();
}
