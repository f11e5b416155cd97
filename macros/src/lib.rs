//! The attributes of the [`fanout`](https://docs.rs/fanout) crate. Use them through it: it has the examples and the
//! rest of their documentation, which ends with the tables here.
//!
//! Each attribute goes the same way: `options` or `entries`, and `item`, read what was written, `endpoint` or `entries`
//! makes a model of it or says what is wrong, `expand` writes the code, or what stands in for it.

mod channel;
mod commas;
mod connection;
mod diagnostics;
mod endpoint;
mod entries;
mod expand;
mod function;
mod item;
mod options;
mod path;
mod response;
mod scope;
mod socket;
mod value;

use proc_macro::TokenStream;

use endpoint::Kind;

/// # Options
///
/// | option | | default |
/// |---|---|---|
/// | `channel = "news"`, `channel = ["news", "sport"]` | what the connection is subscribed to | required |
/// | `path = "/live/news"` | where the endpoint is | `/` and the function's name |
/// | `backend = "self"` | the backend that leads to this app again, which Fanout is told to ask | `"self"` |
/// | `name = News` | the name of the endpoint's type, where the function's name is taken | the function's name |
/// | `crate = path::to::fanout` | where this crate is, if it was renamed or re-exported | `::fanout` |
#[proc_macro_attribute]
pub fn sse(options: TokenStream, item: TokenStream) -> TokenStream {
    endpoint::attribute(Kind::Sse, options.into(), item.into()).into()
}

/// # Options
///
/// | option | | default |
/// |---|---|---|
/// | `channel = "log"`, `channel = ["log", "audit"]` | what the connection is subscribed to | required |
/// | `path = "/live/log"` | where the endpoint is | `/` and the function's name |
/// | `backend = "self"` | the backend that leads to this app again, which Fanout is told to ask | `"self"` |
/// | `name = Log` | the name of the endpoint's type, where the function's name is taken | the function's name |
/// | `crate = path::to::fanout` | where this crate is, if it was renamed or re-exported | `::fanout` |
#[proc_macro_attribute]
pub fn stream(options: TokenStream, item: TokenStream) -> TokenStream {
    endpoint::attribute(Kind::Stream, options.into(), item.into()).into()
}

/// # Options
///
/// | option | | default |
/// |---|---|---|
/// | `channel = "score"`, `channel = ["score", "cards"]` | what the connection is subscribed to | required |
/// | `timeout = 30` | how long it is held, in seconds; at least 5, since the proxy makes 5 of less | the proxy's, 55 |
/// | `path = "/live/score"` | where the endpoint is | `/` and the function's name |
/// | `backend = "self"` | the backend that leads to this app again, which Fanout is told to ask | `"self"` |
/// | `name = Score` | the name of the endpoint's type, where the function's name is taken | the function's name |
/// | `crate = path::to::fanout` | where this crate is, if it was renamed or re-exported | `::fanout` |
#[proc_macro_attribute]
pub fn long_poll(options: TokenStream, item: TokenStream) -> TokenStream {
    endpoint::attribute(Kind::LongPoll, options.into(), item.into()).into()
}

/// # Options
///
/// | option | | default |
/// |---|---|---|
/// | `echo` | sends every message back to whom it came from | messages are dropped |
/// | `channel = "chat"`, `channel = ["chat", "news"]` | what the connection is subscribed to | none |
/// | `path = "/live/chat"` | where the endpoint is | `/` and the function's name |
/// | `backend = "self"` | the backend that leads to this app again, which Fanout is told to ask | `"self"` |
/// | `name = Chat` | the name of the endpoint's type, where the function's name is taken | the function's name |
/// | `crate = path::to::fanout` | where this crate is, if it was renamed or re-exported | `::fanout` |
#[proc_macro_attribute]
pub fn ws(options: TokenStream, item: TokenStream) -> TokenStream {
    endpoint::attribute(Kind::Ws, options.into(), item.into()).into()
}

/// # Options
///
/// | option | | default |
/// |---|---|---|
/// | `verify = path::to::policy` | the function that returns whose `Grip-Sig` is believed | `fanout::policy` |
/// | `crate = path::to::fanout` | where this crate is, if it was renamed or re-exported | `::fanout` |
#[proc_macro_attribute]
pub fn main(list: TokenStream, item: TokenStream) -> TokenStream {
    entries::attribute(list.into(), item.into()).into()
}

/// # Options
///
/// | option | | default |
/// |---|---|---|
/// | `crate = path::to::fanout` | where this crate is, if it was renamed or re-exported | `::fanout` |
#[proc_macro_attribute]
pub fn endpoints(list: TokenStream, item: TokenStream) -> TokenStream {
    entries::endpoints(list.into(), item.into()).into()
}
