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
        options!("connections", "all", "methods", "cors", "holds", "streams", "sse", "crate")
    };
    (stream) => {
        options!("connections", "all", "methods", "cors", "holds", "streams", "stream", "crate")
    };
    (long_poll) => {
        options!("connections", "all", "methods", "cors", "holds", "long_poll", "crate")
    };
    (ws) => {
        options!("connections", "all", "ws", "crate")
    };
    (plain) => {
        options!("all", "cors", "plain", "crate")
    };
    (route) => {
        options!("route", "all", "cors", "plain", "crate")
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

use kind::{Kind, Method};

/// # Options
///
/// `fanout::guide` explains them.
///
#[doc = options!(sse)]
#[proc_macro_attribute]
pub fn sse(options: TokenStream, item: TokenStream) -> TokenStream {
    endpoint::attribute(Kind::Sse, options.into(), item.into()).into()
}

/// # Options
///
/// `fanout::guide` explains them.
///
#[doc = options!(stream)]
#[proc_macro_attribute]
pub fn stream(options: TokenStream, item: TokenStream) -> TokenStream {
    endpoint::attribute(Kind::Stream, options.into(), item.into()).into()
}

/// # Options
///
/// `fanout::guide` explains them.
///
#[doc = options!(long_poll)]
#[proc_macro_attribute]
pub fn long_poll(options: TokenStream, item: TokenStream) -> TokenStream {
    endpoint::attribute(Kind::LongPoll, options.into(), item.into()).into()
}

/// # Options
///
/// `fanout::guide` explains them.
///
#[doc = options!(ws)]
#[proc_macro_attribute]
pub fn ws(options: TokenStream, item: TokenStream) -> TokenStream {
    endpoint::attribute(Kind::Ws, options.into(), item.into()).into()
}

/// # Options
///
/// `fanout::guide` explains them.
///
#[doc = options!(plain)]
#[proc_macro_attribute]
pub fn get(options: TokenStream, item: TokenStream) -> TokenStream {
    endpoint::attribute(Kind::Plain(Some(Method::Get)), options.into(), item.into()).into()
}

/// # Options
///
/// `fanout::guide` explains them.
///
#[doc = options!(plain)]
#[proc_macro_attribute]
pub fn post(options: TokenStream, item: TokenStream) -> TokenStream {
    endpoint::attribute(Kind::Plain(Some(Method::Post)), options.into(), item.into()).into()
}

/// # Options
///
/// `fanout::guide` explains them.
///
#[doc = options!(plain)]
#[proc_macro_attribute]
pub fn put(options: TokenStream, item: TokenStream) -> TokenStream {
    endpoint::attribute(Kind::Plain(Some(Method::Put)), options.into(), item.into()).into()
}

/// # Options
///
/// `fanout::guide` explains them.
///
#[doc = options!(plain)]
#[proc_macro_attribute]
pub fn patch(options: TokenStream, item: TokenStream) -> TokenStream {
    endpoint::attribute(Kind::Plain(Some(Method::Patch)), options.into(), item.into()).into()
}

/// # Options
///
/// `fanout::guide` explains them.
///
#[doc = options!(plain)]
#[proc_macro_attribute]
pub fn delete(options: TokenStream, item: TokenStream) -> TokenStream {
    endpoint::attribute(Kind::Plain(Some(Method::Delete)), options.into(), item.into()).into()
}

/// # Options
///
/// `fanout::guide` explains them.
///
#[doc = options!(route)]
#[proc_macro_attribute]
pub fn route(options: TokenStream, item: TokenStream) -> TokenStream {
    endpoint::attribute(Kind::Plain(None), options.into(), item.into()).into()
}

/// # Options
///
#[doc = options!(main)]
#[proc_macro_attribute]
pub fn main(list: TokenStream, item: TokenStream) -> TokenStream {
    app::main(list.into(), item.into()).into()
}

/// The attribute `main` of the crate `fanout` without its feature `compute`: an error that names the feature.
#[doc(hidden)]
#[proc_macro_attribute]
pub fn main_without_compute(list: TokenStream, item: TokenStream) -> TokenStream {
    app::main_without_compute(list.into(), item.into()).into()
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
