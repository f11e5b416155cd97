//! Real-time endpoints on [Fastly Compute] with [Fanout], from annotated functions.
//!
//! A handler becomes an endpoint for server-sent events, a stream, a long poll or a WebSocket, and holds thousands of
//! connections. The attributes generate the code around it: the check of `Grip-Sig`, the handoff to Fanout, the GRIP headers,
//! the WebSocket events. The handler itself stays a plain function.
//!
//! ```no_run
//! use fanout::prelude::*;
//!
//! /// Streams everything that is published to `news`.
//! #[fanout::sse(channel = "news")]
//! fn news() {}
//!
//! /// Sends each message back. The client also receives what is published to `news`.
//! #[fanout::ws(echo, channel = "news")]
//! fn chat() {}
//!
//! #[fanout::main(news, chat)]
//! fn main(request: Request) -> Result<Response, Error> {
//!     Ok(Response::from_status(404).with_body(format!("nothing at {}\n", request.get_path())))
//! }
//! ```
//!
//! # Two requests
//!
//! Each connection makes two requests to the app. The **client request** is unsigned: the app checks it and hands it off to
//! Fanout. The **Fanout request** is signed: the handler runs, and the answer tells Fanout to hold the connection and to
//! subscribe it to channels. Then the app is done, and Fanout delivers the published items.
//!
//! ```text
//! client ── client request ──▶ app ── handoff ──▶ Fanout ── Fanout request ──▶ app
//! client ◀────────── held response ────────────── Fanout ◀────── hold ──────── app
//! client ◀──────────── items ──────────────────── Fanout ◀─ fanout::publish ── any program
//! ```
//!
//! # Where to read on
//!
//! | | |
//! |---|---|
//! | [`guide::first_app`] | a new app, step by step |
//! | [`guide`] | one page for each subject |
//! | [`sse`], [`stream`], [`long_poll`], [`ws`] | the attributes for endpoints that hold a connection, with their options |
//! | [`get`], [`post`], [`put`], [`patch`], [`delete`], [`route`] | the attributes for [plain endpoints](guide::plain_endpoints), which answer at once |
//! | [`main`](macro@main), [`endpoints`](macro@endpoints) | the attributes for lists of endpoints |
//! | [`publish`](mod@publish) | publishing |
//! | [`history`] | [histories](guide::histories): streams that miss nothing |
//! | [`Route`], [`handle`] | [the plain API](guide::first_app#without-the-attributes) below the attributes |
//! | [`grip`] | the protocol |
//! | [`guide::limits`] | limits, and versions of the proxy |
//!
//! # Features
//!
//! | feature | default | adds |
//! |---|---|---|
//! | `compute` | on | apps on Compute: [`main`](macro@main), [`handle`], [`handle_with`], [`App`], [`Reuse`], [`policy`], [`publish::Backend`], [`history::KvHistory`]; [`ClientGeo`] and [`ClientRequest`] for guards and plain endpoints; the crate [`fastly`](https://docs.rs/fastly/0.13/fastly/) and its types in the [prelude]. Turns on `sig` |
//! | `typed-header` | on | the extractor [`TypedHeader`], and the crate [`headers`](https://docs.rs/headers/0.4/headers/) |
//! | `sig` | by `compute` | tokens: [`grip::sig`], which verifies them, and a `GRIP_URL` with `iss`, which signs them |
//! | `publish-http` | off | an HTTP client, to [publish](guide::publishing#from-a-server-or-a-command-line-tool) outside of Compute: `publish::HttpClient`, and `from_env` and `from_grip_urls` of [`Publisher`](publish::Publisher). It does nothing for wasm targets |
//! | `routes` | off | the description of an app that `cargo fanout routes` reads, [with its types](guide::routes). The command turns it on; it does nothing for wasm targets |
//! | `testing` | off | [`fanout::testing`](guide::testing): tests of endpoints on the host, with a simulated proxy. It is for dev-dependencies. Turns on `sig` |
//!
//! Without any feature, the crate has the attributes for endpoints, extractors, holds and answers, and publishes through a
//! [`Transport`](publish::Transport) of your own. So a server that publishes needs neither the `fastly` crate nor the
//! verification of signatures:
//!
//! ```toml
//! fanout = { version = "0.1", default-features = false, features = ["publish-http"] }
//! ```
//!
//! An app and a server can [share their endpoints](guide::publishing#endpoints-that-an-app-and-a-server-share).
//!
//! The minimum supported Rust version is 1.88, and 1.89 for `cargo fanout`.
//!
//! [Fastly Compute]: https://www.fastly.com/documentation/guides/compute/
//! [Fanout]: https://www.fastly.com/documentation/guides/concepts/real-time-messaging/fanout/

// Shows the feature of each item.
#![cfg_attr(docsrs, feature(doc_cfg))]
// The links in the docs need every feature.
#![cfg_attr(not(all(feature = "compute", feature = "typed-header")), allow(rustdoc::broken_intra_doc_links))]

#[cfg(feature = "compute")]
mod compute;
// Only an app on Compute serves requests. Other programs have endpoints as values.
#[cfg_attr(not(feature = "compute"), allow(dead_code, unused_imports))]
pub mod endpoint;
pub mod grip;
pub mod guide;
pub mod history;
mod hold_route;
mod log;
pub mod prelude;
pub mod publish;
#[cfg(all(feature = "routes", not(target_family = "wasm")))]
mod routes;
#[cfg(feature = "testing")]
pub mod testing;
pub mod websocket;
#[cfg(not(all(feature = "routes", not(target_family = "wasm"))))]
mod without_routes;

#[doc(hidden)]
pub mod __private;

#[cfg(feature = "compute")]
#[doc(inline)]
pub use compute::{App, ClientGeo, ClientRequest, Outcome, Reuse, handle, handle_with};
#[cfg(feature = "compute")]
#[doc(hidden)]
pub use compute::{MainParameter, MainReturn};
#[cfg(feature = "compute")]
#[doc(inline)]
pub use endpoint::dispatch::environment::policy;
#[cfg(feature = "typed-header")]
#[doc(inline)]
pub use endpoint::request::TypedHeader;
#[doc(inline)]
pub use endpoint::request::{
    Body, ClientAddr, Cookies, Form, FromRequest, Geo, Guarded, LastEventId, LastIds, Query, RequestHead,
};
#[doc(inline)]
pub use endpoint::response::{
    Answer, IntoAnswer, Json, Poll, Reason, Redirect, Refusal, Rejection, WithHold,
};
#[doc(inline)]
pub use endpoint::routing::{Endpoint, Route};
#[doc(inline)]
pub use grip::{channel::Channel, server_sent_event::Event};
pub use publish::{publish, publish_all};

#[cfg(feature = "compute")]
pub use fastly;
#[cfg(feature = "typed-header")]
pub use headers;
pub use http;

/// An endpoint for server-sent events: a `text/event-stream` response that stays open.
///
/// The handler runs when the stream opens, and returns the first events. Then the client receives what is published to the
/// endpoint's channels. A comment keeps the stream alive after 15 quiet seconds.
///
/// ```
/// use fanout::prelude::*;
///
/// #[fanout::sse(channel = "news")]
/// fn news() -> Event {
///     Event::comment("welcome")
/// }
/// ```
///
/// Arguments are [path parameters](guide::paths#path-parameters) by their names, and [extractors](guide::extractors) by their
/// types. The return value is an [`Event`], text, [`Json`], a list of these or one of the [other
/// types](guide::holds#return-values). An `Err` is an [early answer](guide::holds#early-answers), without a hold.
///
/// The attribute adds a type with the function's name, an [`Endpoint`]: `#[fanout::main(news)]` lists it, and `news::channel()`
/// names its channel for publishers.
///
/// See the guide: [paths](guide::paths), [channels](guide::channels), [guards](guide::guards), [holds](guide::holds),
/// [recovery](guide::recovery), [histories](guide::histories).
///
/// # Grammar
///
/// ```text
/// sse        := option { "," option } [ "," ]
/// option     := "channel" "=" channels
///             | "data" "=" TYPE
///             | "path" "=" text
///             | "guard" "=" function
///             | "keep_alive" "=" keep_alive
///             | ( "next" | "gone" ) "=" text
///             | "next_after" "=" time
///             | "history" "=" function
///             | "replay" "=" INTEGER
///             | "last_event_id_query"
///             | ( "methods" | "cors" | "expose_headers" ) "=" texts
///             | "status" "=" INTEGER
///             | ( "headers" | "meta" ) "=" pairs
///             | "strict"
///             | "backend" "=" text
///             | "name" "=" NAME
///             | "crate" "=" PATH
/// keep_alive := time | ( "idle" | "every" ) "(" time [ "," text ] ")" | "off"
/// ```
///
#[doc = include_str!("guide/values.md")]
pub use fanout_macros::sse;

/// An endpoint for a stream of text: a `text/plain` response that stays open.
///
/// The handler runs when the stream opens, and returns the first bytes. Then the client receives what is published to the
/// endpoint's channels.
///
/// ```
/// #[fanout::stream(channel = "log")]
/// fn log() -> &'static str {
///     "the log starts here:\n"
/// }
/// ```
///
/// Arguments are [path parameters](guide::paths#path-parameters) by their names, and [extractors](guide::extractors) by their
/// types. The return value is text, bytes, a list of these or one of the [other types](guide::holds#return-values). An `Err`
/// is an [early answer](guide::holds#early-answers), without a hold.
///
/// The proxy cannot tell `stream` clients from [`sse`] clients, so items arrive framed as events. Publish with
/// [`unframed`](publish::Message::unframed) to channels that only `stream` endpoints use.
///
/// A stream begins with nothing and has no keep-alive by default, because clients see every byte of a text: see
/// [keep-alive](guide::holds#keep-alive).
///
/// See the guide: [paths](guide::paths), [channels](guide::channels), [guards](guide::guards), [holds](guide::holds),
/// [recovery](guide::recovery), [histories](guide::histories).
///
/// # Grammar
///
/// ```text
/// stream     := option { "," option } [ "," ]
/// option     := "channel" "=" channels
///             | "data" "=" TYPE
///             | "path" "=" text
///             | "guard" "=" function
///             | "keep_alive" "=" keep_alive
///             | ( "next" | "gone" | "content_type" ) "=" text
///             | "next_after" "=" time
///             | "history" "=" function
///             | "replay" "=" INTEGER
///             | "last_event_id_query"
///             | ( "methods" | "cors" | "expose_headers" ) "=" texts
///             | "status" "=" INTEGER
///             | ( "headers" | "meta" ) "=" pairs
///             | "strict"
///             | "backend" "=" text
///             | "name" "=" NAME
///             | "crate" "=" PATH
/// keep_alive := ( "idle" | "every" ) "(" time "," text ")"
/// ```
///
#[doc = include_str!("guide/values.md")]
pub use fanout_macros::stream;

/// An endpoint for a long poll: one response, sent at the next published item or at the timeout.
///
/// The handler runs when the poll opens, and returns the body for the timeout. [`Poll::Now`] answers at once instead.
///
/// ```
/// #[fanout::long_poll(channel = "score", timeout = 30)]
/// fn score() -> &'static str {
///     "no goal in 30 seconds\n"
/// }
/// ```
///
/// Arguments are [path parameters](guide::paths#path-parameters) by their names, and [extractors](guide::extractors) by their
/// types. The return value is text, bytes, [`Json`], a status or one of the [other types](guide::holds#return-values). An `Err`
/// is an [early answer](guide::holds#early-answers), without a hold.
///
/// Without a [history](guide::histories), a client misses what is published between two polls, and sometimes what is published
/// [about a second after the first subscription](guide::limits#first-subscription-of-a-channel) to a channel. The channel must [stay the
/// same](guide::channels#channels-that-stay-the-same) when the proxy sends the request again. [`LastEventId`] and [`Poll::Now`] let a
/// handler answer with missed items.
///
/// See the guide: [paths](guide::paths), [channels](guide::channels), [guards](guide::guards), [holds](guide::holds).
///
/// # Grammar
///
/// ```text
/// long_poll := option { "," option } [ "," ]
/// option    := "channel" "=" channels
///            | "data" "=" TYPE
///            | "path" "=" text
///            | "guard" "=" function
///            | "timeout" "=" time
///            | "history" "=" function
///            | "replay" "=" INTEGER
///            | "last_event_id_query"
///            | "content_type" "=" text
///            | ( "methods" | "cors" | "expose_headers" ) "=" texts
///            | "status" "=" INTEGER
///            | ( "headers" | "meta" ) "=" pairs
///            | "strict"
///            | "backend" "=" text
///            | "name" "=" NAME
///            | "crate" "=" PATH
/// ```
///
#[doc = include_str!("guide/values.md")]
pub use fanout_macros::long_poll;

/// A WebSocket endpoint: a handler for each message, or a type for each connection.
///
/// Fanout holds the connection, and the app gets its messages as requests. The client receives what the handler returns, and
/// what is published to the endpoint's channels.
///
/// ```
/// use fanout::prelude::*;
///
/// #[fanout::ws(path = "/rooms/{room}", channel = "room-{room}")]
/// fn shout(room: &str, message: &str) -> String {
///     format!("{room}: {}", message.to_uppercase())
/// }
/// ```
///
/// On an `impl` block, the methods `open`, `text`, `binary`, `message`, `close`, `disconnect` and `renew` are the handlers, and
/// `self` is the state of the connection.
///
/// **Without `origins`, a page of any origin can open the WebSocket, with the cookies of its visitor.**
///
/// See the guide: [the message argument](guide::websockets#the-message-argument),
/// [return values](guide::websockets#return-values), [connection types](guide::websockets#connection-types),
/// [connection state](guide::websockets#connection-state), [closes](guide::websockets#closes),
/// [subprotocols](guide::websockets#subprotocols), [origins](guide::websockets#origins),
/// [keep-alive](guide::websockets#keep-alive), [limits](guide::limits#websockets).
///
/// # Grammar
///
/// ```text
/// ws         := [ option { "," option } [ "," ] ]
/// option     := "channel" "=" channels
///             | "data" "=" TYPE
///             | "path" "=" text
///             | "guard" "=" function
///             | "echo"
///             | "message" "=" NAME
///             | "max_message" "=" INTEGER
///             | ( "subprotocols" | "origins" ) "=" texts
///             | "keep_alive" "=" keep_alive
///             | "keep_alive_interval" "=" time
///             | "strict"
///             | "backend" "=" text
///             | "name" "=" NAME
///             | "crate" "=" PATH
/// keep_alive := time | ( "idle" | "every" ) "(" time [ "," text ] ")"
/// ```
///
#[doc = include_str!("guide/values.md")]
pub use fanout_macros::ws;

/// A plain endpoint for `GET`: the handler answers the client request at once. Nothing is handed off.
///
/// ```
/// use fanout::prelude::*;
/// use serde::Serialize;
///
/// #[derive(Serialize)]
/// struct Score {
///     home: u32,
///     away: u32,
/// }
///
/// /// `None` is a 404.
/// #[fanout::get(path = "/games/{game}")]
/// fn score(game: u32) -> Option<Json<Score>> {
///     (game == 7).then(|| Json(Score { home: 2, away: 1 }))
/// }
/// ```
///
/// Arguments are [path parameters](guide::paths#path-parameters) by their names, and [extractors](guide::extractors) by their
/// types. The return value is text, [`Json`], a status, an [`Answer`] or one of the [other types](endpoint::IntoPlain). An
/// `Err` is the answer too.
///
/// A `HEAD` runs the handler, and is answered without the body.
///
/// See the guide: [plain endpoints](guide::plain_endpoints), [paths](guide::paths), [guards](guide::guards).
///
/// # Grammar
///
/// ```text
/// get    := [ option { "," option } [ "," ] ]
/// option := "path" "=" text
///         | "guard" "=" function
///         | "cors" "=" texts
///         | "max_body" "=" INTEGER
///         | "strict"
///         | "name" "=" NAME
///         | "crate" "=" PATH
/// ```
///
#[doc = include_str!("guide/values.md")]
pub use fanout_macros::get;

/// A plain endpoint for `POST`: the handler answers the client request at once. Nothing is handed off.
///
/// It may share a path with a stream:
///
/// ```
/// use fanout::prelude::*;
/// use fanout::publish::{Message, PublishError};
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize, Deserialize)]
/// struct Goal {
///     minute: u32,
///     player: String,
/// }
///
/// /// `GET /games/{game}` streams the goals.
/// #[fanout::sse(path = "/games/{game}", channel = "game-{game}")]
/// fn goals(game: u32) {}
///
/// /// `POST /games/{game}` publishes one. The answer is a 204.
/// #[fanout::post(path = "/games/{game}")]
/// fn goal(game: &str, Json(goal): Json<Goal>) -> Result<(), Answer> {
///     fanout::publish(goals::channel(game), Message::json(&goal)?)?;
///     Ok(())
/// }
/// ```
///
/// # The body
///
/// One argument can take the body:
///
/// | argument | the body | if it cannot be made |
/// |---|---|---|
/// | [`Json<T>`] | `application/json`, or a type that ends with `+json` | 415 for another content type, 400 with the place of the mistake |
/// | [`Form<T>`] | `application/x-www-form-urlencoded` | 415, 400 |
/// | [`Body<String>`](Body) | text of any content type | 400 if it is not UTF-8 |
/// | [`Body<Vec<u8>>`](Body) | bytes of any content type | |
/// | `Option` of these | `None` if the request has neither a body nor a content type | as above |
/// | `Result` of these and [`InvalidBody`](endpoint::InvalidBody) | the value or the reason | cannot fail: the handler decides |
/// | [`Request`](prelude::Request) | unread | |
///
/// A body over `max_body`, which is 1 MiB by default, is a 413. If its `Content-Length` says so, the answer comes before the
/// guard runs, and nothing is read. Otherwise at most one byte more than the limit is read. Only a handler that takes a
/// [`Request`](prelude::Request) reads a body of unknown length without a limit.
///
/// See the guide: [plain endpoints](guide::plain_endpoints), [paths](guide::paths), [guards](guide::guards).
///
/// # Grammar
///
/// ```text
/// post   := [ option { "," option } [ "," ] ]
/// option := "path" "=" text
///         | "guard" "=" function
///         | "cors" "=" texts
///         | "max_body" "=" INTEGER
///         | "strict"
///         | "name" "=" NAME
///         | "crate" "=" PATH
/// ```
///
#[doc = include_str!("guide/values.md")]
pub use fanout_macros::post;

/// A plain endpoint for `PUT`: as [`post`](macro@post), which has the rules of the body.
///
/// ```
/// use fanout::prelude::*;
///
/// #[fanout::put(path = "/rooms/{room}/topic")]
/// fn set_topic(room: &str, Body(topic): Body<String>) -> Result<(), Answer> {
///     store(room, &topic)
/// }
/// # fn store(_: &str, _: &str) -> Result<(), Answer> { Ok(()) }
/// ```
///
/// See the guide: [plain endpoints](guide::plain_endpoints), [paths](guide::paths), [guards](guide::guards).
///
/// # Grammar
///
/// ```text
/// put    := [ option { "," option } [ "," ] ]
/// option := "path" "=" text
///         | "guard" "=" function
///         | "cors" "=" texts
///         | "max_body" "=" INTEGER
///         | "strict"
///         | "name" "=" NAME
///         | "crate" "=" PATH
/// ```
///
#[doc = include_str!("guide/values.md")]
pub use fanout_macros::put;

/// A plain endpoint for `PATCH`: as [`post`](macro@post), which has the rules of the body.
///
/// ```
/// use fanout::prelude::*;
///
/// #[fanout::patch(path = "/rooms/{room}")]
/// fn change(room: &str, Form(change): Form<Change>) -> Result<(), Answer> {
///     store(room, change)
/// }
/// #
/// # #[derive(serde::Deserialize)]
/// # struct Change {}
/// # fn store(_: &str, _: Change) -> Result<(), Answer> { Ok(()) }
/// ```
///
/// See the guide: [plain endpoints](guide::plain_endpoints), [paths](guide::paths), [guards](guide::guards).
///
/// # Grammar
///
/// ```text
/// patch  := [ option { "," option } [ "," ] ]
/// option := "path" "=" text
///         | "guard" "=" function
///         | "cors" "=" texts
///         | "max_body" "=" INTEGER
///         | "strict"
///         | "name" "=" NAME
///         | "crate" "=" PATH
/// ```
///
#[doc = include_str!("guide/values.md")]
pub use fanout_macros::patch;

/// A plain endpoint for `DELETE`: as [`post`](macro@post), which has the rules of the body.
///
/// ```
/// use fanout::prelude::*;
///
/// #[fanout::delete(path = "/rooms/{room}")]
/// fn close(room: &str) -> Result<(), Answer> {
///     remove(room)
/// }
/// # fn remove(_: &str) -> Result<(), Answer> { Ok(()) }
/// ```
///
/// See the guide: [plain endpoints](guide::plain_endpoints), [paths](guide::paths), [guards](guide::guards).
///
/// # Grammar
///
/// ```text
/// delete := [ option { "," option } [ "," ] ]
/// option := "path" "=" text
///         | "guard" "=" function
///         | "cors" "=" texts
///         | "max_body" "=" INTEGER
///         | "strict"
///         | "name" "=" NAME
///         | "crate" "=" PATH
/// ```
///
#[doc = include_str!("guide/values.md")]
pub use fanout_macros::delete;

/// A plain endpoint for several methods: as [`post`](macro@post), which has the rules of the body.
///
/// ```
/// use fanout::http::Method;
/// use fanout::prelude::*;
///
/// #[fanout::route(path = "/rooms/{room}/topic", methods = ["PUT", "PATCH"])]
/// fn set_topic(room: &str, method: Method, Body(topic): Body<String>) -> Result<(), Answer> {
///     store(room, method == Method::PATCH, &topic)
/// }
/// # fn store(_: &str, _: bool, _: &str) -> Result<(), Answer> { Ok(()) }
/// ```
///
/// See the guide: [plain endpoints](guide::plain_endpoints), [paths](guide::paths), [guards](guide::guards).
///
/// # Grammar
///
/// ```text
/// route  := option { "," option } [ "," ]
/// option := "methods" "=" texts
///         | "path" "=" text
///         | "guard" "=" function
///         | "cors" "=" texts
///         | "max_body" "=" INTEGER
///         | "strict"
///         | "name" "=" NAME
///         | "crate" "=" PATH
/// ```
///
#[doc = include_str!("guide/values.md")]
pub use fanout_macros::route;

/// The `main` of an app: serves the endpoints of its list, and every other request by its body.
///
/// It replaces `#[fastly::main]`, and needs the feature `compute`. The list has paths of endpoints and of [lists](macro@endpoints), each with a `#[cfg(…)]`
/// if it needs one. A route conflict does not compile.
///
/// ```no_run
/// use fanout::prelude::*;
///
/// #[fanout::sse(channel = "news")]
/// fn news() {}
///
/// #[fanout::main(news)]
/// fn main(request: Request) -> Result<Response, Error> {
///     Ok(Response::from_status(404).with_body(format!("nothing at {}\n", request.get_path())))
/// }
/// ```
///
/// # The body
///
/// | signature | requests that no endpoint matches |
/// |---|---|
/// | `fn main()` | get a 404 |
/// | `fn main(request: Request) -> Response` | get the response |
/// | `… -> Result<Response, E>` | get the response, or a 500 with the text of the error |
/// | `… -> Answer`, `… -> Result<Answer, E>` | get the answer, or the error as an answer: `E` is [`IntoAnswer`], as in a handler |
/// | `… -> ()`, `… -> Result<(), E>` | are answered by the body itself, or get a 500 with the text of the error |
///
/// An [`Answer`] becomes a `Response` by `into()`.
///
/// # Requests that publish
///
/// They are [plain endpoints](guide::plain_endpoints), whose path and query are decoded as those of the stream are. An item that is
/// published to a channel of an undecoded name (`a%20b` for `a b`) would reach no client.
///
/// ```no_run
/// use fanout::prelude::*;
/// use fanout::publish::PublishError;
/// use serde::Deserialize;
///
/// #[fanout::sse(path = "/scores/{game}", channel = "scores-{game}")]
/// fn scores() {}
///
/// #[derive(Deserialize)]
/// struct Goal {
///     game: String,
/// }
///
/// /// `POST /goals?game=red` publishes to `/scores/red`, and `game=a%20b` to `/scores/a%20b`.
/// #[fanout::post]
/// fn goals(Query(goal): Query<Goal>, Body(score): Body<Vec<u8>>) -> Result<Answer, PublishError> {
///     fanout::publish(scores::channel(&goal.game), score)?;
///     Ok(Answer::text(202, "published\n"))
/// }
///
/// /// `POST /scores/red` does the same.
/// #[fanout::post(path = "/scores/{game}")]
/// fn goal(game: &str, Body(score): Body<Vec<u8>>) -> Result<Answer, PublishError> {
///     fanout::publish(scores::channel(game), score)?;
///     Ok(Answer::text(202, "published\n"))
/// }
///
/// #[fanout::main(scores, goals, goal)]
/// fn main() {}
/// ```
///
/// # Refusals
///
/// `refuse` names the function that words what this crate refuses itself, such as a wrong method or an invalid query. It takes a
/// [`Rejection`], and returns an [`Answer`] or another type that is [`IntoAnswer`]:
///
/// ```no_run
/// use fanout::prelude::*;
/// use serde_json::json;
///
/// #[fanout::sse(channel = "news")]
/// fn news() {}
///
/// fn as_json(rejection: Rejection) -> Answer {
///     Answer::json(rejection.status(), json!({ "error": rejection.to_string() }))
/// }
///
/// #[fanout::main(news, refuse = as_json)]
/// fn main() {}
/// ```
///
/// See the guide: [refusals](guide::refusals), [lists of endpoints](guide::first_app#lists-of-endpoints), [a proxy of your
/// own](guide::deploying#a-proxy-of-your-own) for `verify`, [other backends](guide::deploying#other-backends) for `fallback`,
/// [many requests in one sandbox](guide::deploying#many-requests-in-one-sandbox) for `reuse`.
///
/// # Grammar
///
/// ```text
/// main   := [ item { "," item } [ "," ] ]
/// item   := { "#[cfg(…)]" } PATH | option
/// option := "verify" "=" PATH
///         | "refuse" "=" PATH
///         | "fallback" "=" text
///         | "reuse" "=" PATH
///         | "crate" "=" PATH
/// text   := STRING | "concat!" "(" LITERAL { "," LITERAL } ")"
/// ```
#[cfg(feature = "compute")]
pub use fanout_macros::main;
#[cfg(not(feature = "compute"))]
#[doc(hidden)]
pub use fanout_macros::main_without_compute as main;

/// A list of endpoints that other lists name.
///
/// It lets a module offer its endpoints to [`main`](macro@main) under one name.
///
/// ```no_run
/// mod rooms {
///     use fanout::prelude::*;
///
///     #[fanout::sse(path = "/rooms/{room}", channel = "room-{room}")]
///     fn room() {}
///
///     #[fanout::sse(path = "/rooms", channel = "rooms")]
///     fn all() {}
///
///     /// The endpoints of this module.
///     #[fanout::endpoints(room, all)]
///     pub enum Endpoints {}
/// }
///
/// #[fanout::main(rooms::Endpoints)]
/// fn main() {}
/// ```
///
/// The list may contain other lists. The attribute goes on an `enum` without variants, because the type is a name for the list
/// and has no values. A route conflict does not compile, also between endpoints of two lists.
///
/// See the guide: [lists of endpoints](guide::first_app#lists-of-endpoints).
///
/// # Grammar
///
/// ```text
/// endpoints := [ item { "," item } [ "," ] ]
/// item      := { "#[cfg(…)]" } PATH | "crate" "=" PATH
/// ```
pub use fanout_macros::endpoints;
