//! A library of public endpoints, in a crate that forbids every lint it can.

#![forbid(unsafe_code, missing_docs, nonstandard_style, unused, future_incompatible, rust_2018_idioms)]
#![deny(missing_debug_implementations, missing_copy_implementations, unreachable_pub, unused_qualifications)]
#![deny(
    unnameable_types,
    single_use_lifetimes,
    let_underscore_drop,
    unused_results,
    variant_size_differences
)]
#![deny(clippy::restriction)]
#![allow(
    clippy::blanket_clippy_restriction_lints,
    clippy::arbitrary_source_item_ordering,
    clippy::implicit_return,
    clippy::missing_inline_in_public_items,
    clippy::single_char_lifetime_names,
    reason = "these judge what is written here, and no generated code"
)]

use fanout::{Answer, Event, FromRequest, RequestHead};

/// The news.
#[fanout::sse(channel = "news")]
#[must_use]
pub fn news() -> Option<Event> {
    None
}

/// The log.
#[fanout::stream(channel = ["log", "audit"], path = "/live/log", backend = "me")]
#[must_use]
pub fn log(head: &RequestHead<'_>) -> String {
    format!("from {} on:\n", head.path())
}

/// The score.
///
/// # Errors
///
/// Never.
#[fanout::long_poll(channel = "score", timeout = 30)]
pub fn score() -> Result<&'static str, Answer> {
    Ok("no goal\n")
}

/// The name of the client.
#[fanout::ws(echo, channel = "chat")]
#[must_use]
pub fn chat(name: Name) -> String {
    name.0
}

/// A name.
#[derive(Debug)]
pub struct Name(String);

impl<'r> FromRequest<'r> for Name {
    type Rejection = Answer;

    fn from_request(head: &'r RequestHead<'r>) -> Result<Self, Answer> {
        head.query().map(|name| Self(name.to_owned())).ok_or_else(|| Answer::text(400, "who are you?\n"))
    }
}

/// Endpoints whose `pub` a macro writes.
macro_rules! public {
    ($($kind:ident $name:ident;)*) => {$(
        /// An endpoint.
        #[fanout::$kind(channel = "public", path = concat!("/public/", "{_name}"))]
        pub fn $name() {}
    )*};
}

/// Made by a macro.
pub mod made {
    public! {
        sse events;
        stream bytes;
        ws messages;
    }
}
