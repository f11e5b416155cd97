//! The attributes of the [`fanout`](https://docs.rs/fanout) crate. Use them through it: it has the examples and the
//! rest of their documentation, which ends with the tables here.
//!
//! Each attribute takes the same three steps, and each step is a folder. The drivers `endpoint` and `app` take them in turn:
//!
//! 1. `parse` reads the item and the options, each as it was written;
//! 2. `model` lowers them to an endpoint or an app, and checks the rules of the language;
//! 3. `expand` writes the code. If there was an error, it writes the stand-in, to which the rest of the file can refer.
//!
//! Every step records its errors in `diagnostics`, and goes on.

/// The table of an attribute's options. Rows that several attributes share are written once.
macro_rules! options {
    (sse) => {
        options!("all", "holds", "streams", "sse", "crate")
    };
    (stream) => {
        options!("all", "holds", "streams", "stream", "crate")
    };
    (long_poll) => {
        options!("all", "holds", "long_poll", "crate")
    };
    (ws) => {
        options!("all", "ws", "crate")
    };
    (main) => {
        options!("main", "crate")
    };
    (endpoints) => {
        options!("crate")
    };
    ($($rows:literal),+) => {
        concat!(options!(in "head"), $(options!(in $rows)),+)
    };
    (in $file:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/docs/", $file, ".md"))
    };
}

mod app;
mod diagnostics;
mod endpoint;
mod expand;
mod kind;
mod model;
mod parse;

use proc_macro::TokenStream;

use kind::Kind;

/// # Options
///
/// `fanout::language` explains them.
///
#[doc = options!(sse)]
#[proc_macro_attribute]
pub fn sse(options: TokenStream, item: TokenStream) -> TokenStream {
    endpoint::attribute(Kind::Sse, options.into(), item.into()).into()
}

/// # Options
///
/// `fanout::language` explains them.
///
#[doc = options!(stream)]
#[proc_macro_attribute]
pub fn stream(options: TokenStream, item: TokenStream) -> TokenStream {
    endpoint::attribute(Kind::Stream, options.into(), item.into()).into()
}

/// # Options
///
/// `fanout::language` explains them.
///
#[doc = options!(long_poll)]
#[proc_macro_attribute]
pub fn long_poll(options: TokenStream, item: TokenStream) -> TokenStream {
    endpoint::attribute(Kind::LongPoll, options.into(), item.into()).into()
}

/// # Options
///
/// `fanout::language` explains them.
///
#[doc = options!(ws)]
#[proc_macro_attribute]
pub fn ws(options: TokenStream, item: TokenStream) -> TokenStream {
    endpoint::attribute(Kind::Ws, options.into(), item.into()).into()
}

/// # Options
///
#[doc = options!(main)]
#[proc_macro_attribute]
pub fn main(list: TokenStream, item: TokenStream) -> TokenStream {
    app::main(list.into(), item.into()).into()
}

/// # Options
///
#[doc = options!(endpoints)]
#[proc_macro_attribute]
pub fn endpoints(list: TokenStream, item: TokenStream) -> TokenStream {
    app::endpoints(list.into(), item.into()).into()
}

/// Writes out generated code that uses deprecated functions. Not for users.
#[doc(hidden)]
#[proc_macro_derive(Deprecated, attributes(deprecated_in_fanout))]
pub fn deprecated(item: TokenStream) -> TokenStream {
    expand::write_out(item.into()).into()
}
