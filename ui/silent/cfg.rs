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

#[fanout::main(
    #[cfg(debug_assertions)]
    debug,
    #[cfg(not(debug_assertions))]
    release,
    #[cfg(any())]
    never,
    through_an_attribute,
    either,
)]
#[cfg(any(unix, windows))]
fn main() {}

#[cfg(any())]
fn main() {}
