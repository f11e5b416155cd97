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
/// | option | | default |
/// |---|---|---|
/// | `channel = "news"`, `channel = ["news", "sport"]`, `channel = path::to::function` | what the connection is subscribed to; `{room}` in a name is that parameter of the path, and `function(room)` is given it | required |
/// | `path = "/live/news"`, `path = "/live/news/{room}/{*rest}"` | where the endpoint is, and its parameters | `/` and the function's name |
/// | `guard = path::to::function`, `guard = function(room)` | runs before the handoff, and returns a `Result`: an `Err` is the answer, an `Ok` goes on as `Guarded` | everybody is let in |
/// | `keep_alive = "20s"`, `every("20s", "event: awake\ndata: \n\n")`, `idle(…)`, `off` | what is sent after so many quiet seconds (`idle`), or `every` so many: a comment, or the text given | a comment after 15 quiet seconds |
/// | `next = "/live/{room}"` | where the proxy asks for what was missed: a path of this service, or an address | it does not ask |
/// | `next_after = 60`, `next_after = "1m"` | after how many quiet seconds it asks there, at least 1 | the proxy's, 120 |
/// | `gone = "/live/{room}/gone"` | where the proxy says that the client has left; from Pushpin 1.41 on | it does not say so |
/// | `methods = "POST"`, `methods = ["GET", "POST"]` | the methods that it answers, of `GET`, `POST`, `PUT`, `PATCH` and `DELETE` | `"GET"` |
/// | `cors = "https://www.example.com"`, a list, or `cors = "*"` | the origins whose pages may read it: named ones with cookies, `*` without | none |
/// | `status = 202` | the status that the client sees, from 200 to 599 | 200 |
/// | `headers = [("X-Feed", "live")]` | headers that the client gets | `Cache-Control: no-store` |
/// | `expose_headers = ["X-Feed"]` | the only headers that the client gets, beside `Content-Type` and `Cache-Control` | all |
/// | `meta = [("user", "{room}")]` | what filters of the subscriptions look at | none |
/// | `strict` | what a parameter of the path cannot be parsed from is a 400 that says why | it is a 404 |
/// | `backend = "self"` | the backend that leads to this app again, which Fanout is told to ask | `"self"` |
/// | `name = News` | the name of the endpoint's type, where the function's name is taken | the function's name |
/// | `crate = path::to::fanout` | where this crate is, if it was renamed or re-exported | `::fanout` |
#[proc_macro_attribute]
pub fn sse(options: TokenStream, item: TokenStream) -> TokenStream {
    endpoint::attribute(Kind::Sse, options.into(), item.into()).into()
}

/// # Options
///
/// `fanout::language` explains them.
///
/// | option | | default |
/// |---|---|---|
/// | `channel = "log"`, `channel = ["log", "audit"]`, `channel = path::to::function` | what the connection is subscribed to; `{room}` in a name is that parameter of the path, and `function(room)` is given it | required |
/// | `path = "/live/log"`, `path = "/live/log/{room}/{*rest}"` | where the endpoint is, and its parameters | `/` and the function's name |
/// | `guard = path::to::function`, `guard = function(room)` | runs before the handoff, and returns a `Result`: an `Err` is the answer, an `Ok` goes on as `Guarded` | everybody is let in |
/// | `keep_alive = idle("20s", "\n")`, `every("20s", "\n")` | what is sent after so many quiet seconds, or every so many | nothing |
/// | `next = "/live/{room}"` | where the proxy asks for what was missed: a path of this service, or an address | it does not ask |
/// | `next_after = 60`, `next_after = "1m"` | after how many quiet seconds it asks there, at least 1 | the proxy's, 120 |
/// | `gone = "/live/{room}/gone"` | where the proxy says that the client has left; from Pushpin 1.41 on | it does not say so |
/// | `content_type = "application/json"` | the media type | `text/plain` |
/// | `methods = "POST"`, `methods = ["GET", "POST"]` | the methods that it answers, of `GET`, `POST`, `PUT`, `PATCH` and `DELETE` | `"GET"` |
/// | `cors = "https://www.example.com"`, a list, or `cors = "*"` | the origins whose pages may read it: named ones with cookies, `*` without | none |
/// | `status = 202` | the status that the client sees, from 200 to 599 | 200 |
/// | `headers = [("X-Feed", "live")]` | headers that the client gets | `Cache-Control: no-store` |
/// | `expose_headers = ["X-Feed"]` | the only headers that the client gets, beside `Content-Type` and `Cache-Control` | all |
/// | `meta = [("user", "{room}")]` | what filters of the subscriptions look at | none |
/// | `strict` | what a parameter of the path cannot be parsed from is a 400 that says why | it is a 404 |
/// | `backend = "self"` | the backend that leads to this app again, which Fanout is told to ask | `"self"` |
/// | `name = Log` | the name of the endpoint's type, where the function's name is taken | the function's name |
/// | `crate = path::to::fanout` | where this crate is, if it was renamed or re-exported | `::fanout` |
#[proc_macro_attribute]
pub fn stream(options: TokenStream, item: TokenStream) -> TokenStream {
    endpoint::attribute(Kind::Stream, options.into(), item.into()).into()
}

/// # Options
///
/// `fanout::language` explains them.
///
/// | option | | default |
/// |---|---|---|
/// | `channel = "score"`, `channel = ["score", "cards"]`, `channel = path::to::function` | what the connection is subscribed to; `{room}` in a name is that parameter of the path, and `function(room)` is given it | required |
/// | `path = "/live/score"`, `path = "/live/score/{room}/{*rest}"` | where the endpoint is, and its parameters | `/` and the function's name |
/// | `guard = path::to::function`, `guard = function(room)` | runs before the handoff, and returns a `Result`: an `Err` is the answer, an `Ok` goes on as `Guarded` | everybody is let in |
/// | `timeout = 30`, `timeout = "1m"` | how long it is held; at least 5 seconds, since the proxy makes 5 of less | the proxy's, 55 |
/// | `content_type = "application/json"` | the media type | by what the function returns |
/// | `methods = "POST"`, `methods = ["GET", "POST"]` | the methods that it answers, of `GET`, `POST`, `PUT`, `PATCH` and `DELETE` | `"GET"` |
/// | `cors = "https://www.example.com"`, a list, or `cors = "*"` | the origins whose pages may read it: named ones with cookies, `*` without | none |
/// | `status = 202` | the status that the client sees, from 200 to 599 | 200 |
/// | `headers = [("X-Feed", "live")]` | headers that the client gets | `Cache-Control: no-store` |
/// | `expose_headers = ["X-Feed"]` | the only headers that the client gets, beside `Content-Type` and `Cache-Control` | all |
/// | `meta = [("user", "{room}")]` | what filters of the subscriptions look at | none |
/// | `strict` | what a parameter of the path cannot be parsed from is a 400 that says why | it is a 404 |
/// | `backend = "self"` | the backend that leads to this app again, which Fanout is told to ask | `"self"` |
/// | `name = Score` | the name of the endpoint's type, where the function's name is taken | the function's name |
/// | `crate = path::to::fanout` | where this crate is, if it was renamed or re-exported | `::fanout` |
#[proc_macro_attribute]
pub fn long_poll(options: TokenStream, item: TokenStream) -> TokenStream {
    endpoint::attribute(Kind::LongPoll, options.into(), item.into()).into()
}

/// # Options
///
/// `fanout::language` explains them.
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
/// | `keep_alive = "30s"`, `idle("30s", "ping")`, `every("30s", "ping")` | a ping after so many quiet seconds, or all the time, and its content | none |
/// | `keep_alive_interval = "60s"` | asks the app after so many quiet seconds, at least 20 | never |
/// | `strict` | what a parameter of the path cannot be parsed from is a 400 that says why | it is a 404 |
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
/// | `fallback = "origin"` | the backend, which speaks GRIP itself, that gets what no endpoint matches | the body of `main` |
/// | `verify = path::to::policy` | the function that returns whose `Grip-Sig` is believed | `fanout::policy` |
/// | `crate = path::to::fanout` | where this crate is, if it was renamed or re-exported | `::fanout` |
#[proc_macro_attribute]
pub fn main(list: TokenStream, item: TokenStream) -> TokenStream {
    app::main(list.into(), item.into()).into()
}

/// # Options
///
/// | option | | default |
/// |---|---|---|
/// | `crate = path::to::fanout` | where this crate is, if it was renamed or re-exported | `::fanout` |
#[proc_macro_attribute]
pub fn endpoints(list: TokenStream, item: TokenStream) -> TokenStream {
    app::endpoints(list.into(), item.into()).into()
}
