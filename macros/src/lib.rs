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
/// | `channel = "room-{room}"`, `channel = ["chat", "news"]`, `channel = of_user` | what the connection is subscribed to: names that the path fills in, or the function that finds them | none |
/// | `path = "/rooms/{room}"` | where the endpoint is; `{room}` is one segment of it, `{*rest}` all that follow | `/` and the name, in snake case |
/// | `guard = may_enter(room)` | the function that lets the client in, with what it is given of the path; it runs at the edge | everybody is let in |
/// | `echo` | sends every message back; for functions that take none | messages are ignored |
/// | `message = own` | the parameter that is made from a message, where its type does not say so | by its type |
/// | `max_message = 10_000` | the most bytes of a message, up to 200,000; a longer one closes with 1009 | the proxy cuts the connection at 200,000 |
/// | `subprotocols = ["v2.example", "v1.example"]` | what it speaks, the best first; who offers none of them gets a 400 | none is chosen, and browsers that offer one give up |
/// | `origins = ["https://www.example.com"]` | whose pages may connect; others get a 403 | **every page may**, with the cookies of whoever looks at it |
/// | `keep_alive = "30s"`, `idle("30s", "ping")`, `every("30s", "ping")`, `off` | a ping after so many quiet seconds, or all the time, and its content | none |
/// | `keep_alive_interval = "60s"` | asks the app after so many quiet seconds, at least 20 | never |
/// | `strict` | answers 400, and says why, where a parameter of the path is not what it is declared as | 404 |
/// | `backend = "self"` | the backend that leads to this app again, which Fanout is told to ask | `"self"` |
/// | `name = Chat` | the name of the endpoint's type, where the function's name is taken; not for an `impl` | the function's name |
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
