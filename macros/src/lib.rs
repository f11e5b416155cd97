//! The attributes of the [`fanout`](https://docs.rs/fanout) crate. Use them through it.
//!
//! Each attribute goes the same way: `options` or `entries`, and `item`, read what was written, `endpoint` or `entries`
//! makes a model of it or says what is wrong, `expand` writes the code, or what stands in for it.

mod channel;
mod commas;
mod diagnostics;
mod endpoint;
mod entries;
mod expand;
mod function;
mod item;
mod options;
mod path;
mod value;

use proc_macro::TokenStream;

use endpoint::Kind;

/// A stream of server-sent events: `text/event-stream`, held open, fed by what is published.
///
/// Documented at `fanout::sse`.
#[proc_macro_attribute]
pub fn sse(options: TokenStream, item: TokenStream) -> TokenStream {
    endpoint::attribute(Kind::Sse, options.into(), item.into()).into()
}

/// A stream of text: `text/plain`, held open, fed by what is published.
///
/// Documented at `fanout::stream`.
#[proc_macro_attribute]
pub fn stream(options: TokenStream, item: TokenStream) -> TokenStream {
    endpoint::attribute(Kind::Stream, options.into(), item.into()).into()
}

/// A long poll: one response, held back until something is published or the time is over.
///
/// Documented at `fanout::long_poll`.
#[proc_macro_attribute]
pub fn long_poll(options: TokenStream, item: TokenStream) -> TokenStream {
    endpoint::attribute(Kind::LongPoll, options.into(), item.into()).into()
}

/// A WebSocket, which hears what is published.
///
/// Documented at `fanout::ws`.
#[proc_macro_attribute]
pub fn ws(options: TokenStream, item: TokenStream) -> TokenStream {
    endpoint::attribute(Kind::Ws, options.into(), item.into()).into()
}

/// The app's `main`: serves the endpoints it lists, and its own body serves the rest.
///
/// Documented at `fanout::main`.
#[proc_macro_attribute]
pub fn main(list: TokenStream, item: TokenStream) -> TokenStream {
    entries::attribute(list.into(), item.into()).into()
}
