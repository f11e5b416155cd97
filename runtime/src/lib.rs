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
//! | [`sse`], [`stream`], [`long_poll`], [`ws`] | the attributes for endpoints, with their options |
//! | [`main`](macro@main), [`endpoints`](macro@endpoints) | the attributes for lists of endpoints |
//! | [`publish`](mod@publish) | publishing |
//! | [`Route`], [`handle`] | [the plain API](guide::first_app#without-the-attributes) below the attributes |
//! | [`grip`] | the protocol |
//! | [`guide::limits`] | limits, and versions of the proxy |
//!
//! # Features
//!
//! No feature is on by default.
//!
//! - `publish-http` adds an HTTP client, to [publish](guide::publishing) from servers and command-line tools outside of Compute:
//!   `publish::HttpClient`, and `from_env` and `from_grip_urls` of [`Publisher`](publish::Publisher). It does nothing for wasm
//!   targets.
//! - `testing` adds `fanout::testing`: [tests of endpoints](guide::testing) on the host, with a simulated proxy. It is for
//!   dev-dependencies.
//!
//! The minimum supported Rust version is 1.88.
//!
//! [Fastly Compute]: https://www.fastly.com/documentation/guides/compute/
//! [Fanout]: https://www.fastly.com/documentation/guides/concepts/real-time-messaging/fanout/

mod compute;
pub mod endpoint;
pub mod grip;
pub mod guide;
mod log;
pub mod prelude;
pub mod publish;
#[cfg(feature = "testing")]
pub mod testing;
pub mod websocket;

#[doc(hidden)]
pub mod __private;

#[doc(hidden)]
pub use compute::MainReturn;
#[doc(inline)]
pub use compute::{ClientGeo, ClientRequest, Outcome, handle, handle_with};
#[doc(inline)]
pub use endpoint::dispatch::environment::policy;
#[doc(inline)]
pub use endpoint::request::{
    ClientAddr, Cookies, FromRequest, Geo, Guarded, LastEventId, LastIds, Query, RequestHead, TypedHeader,
};
#[doc(inline)]
pub use endpoint::response::{Answer, IntoAnswer, Json, Poll, Redirect, Refusal, WithHold};
#[doc(inline)]
pub use endpoint::routing::{Endpoint, Route};
#[doc(inline)]
pub use grip::{channel::Channel, server_sent_event::Event};
pub use publish::{publish, publish_all};

pub use {fastly, headers, http};

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
/// [recovery](guide::recovery).
///
/// # Grammar
///
/// ```text
/// sse        := option { "," option } [ "," ]
/// option     := "channel" "=" channels
///             | "path" "=" text
///             | "guard" "=" function
///             | "keep_alive" "=" keep_alive
///             | ( "next" | "gone" ) "=" text
///             | "next_after" "=" time
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
/// [recovery](guide::recovery).
///
/// # Grammar
///
/// ```text
/// stream     := option { "," option } [ "," ]
/// option     := "channel" "=" channels
///             | "path" "=" text
///             | "guard" "=" function
///             | "keep_alive" "=" keep_alive
///             | ( "next" | "gone" | "content_type" ) "=" text
///             | "next_after" "=" time
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
/// A client misses what is published between two polls, and sometimes what is published [about a second after the first
/// subscription](guide::limits#first-subscription-of-a-channel) to a channel. The channel must [stay the
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
///            | "path" "=" text
///            | "guard" "=" function
///            | "timeout" "=" time
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

/// The `main` of an app: serves the endpoints of its list, and every other request by its body.
///
/// It replaces `#[fastly::main]`. The list has paths of endpoints and of [lists](macro@endpoints), each with a `#[cfg(…)]`
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
/// An [`Answer`] becomes a `Response` by `into()`. With `Result<Answer, E>`, the body and the handlers share one error type:
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
/// fn goals(mut request: Request) -> Result<Answer, PublishError> {
///     match Query::parse(request.get_query_str().unwrap_or_default()) {
///         Ok(Query(Goal { game })) => {
///             fanout::publish(scores::channel(&game), request.take_body_bytes())?;
///             Ok(Answer::text(202, "published\n"))
///         }
///         Err(error) => Ok(error.into_answer()),
///     }
/// }
///
/// #[fanout::main(scores)]
/// fn main(request: Request) -> Result<Answer, PublishError> {
///     match (request.get_method_str(), request.get_path()) {
///         ("POST", "/goals") => goals(request),
///         _ => Ok(Answer::text(404, "not found\n")),
///     }
/// }
/// ```
///
/// [`Query::parse`] decodes the query. `get_path` does not decode the path: there `a b` is still `a%20b`, and an item that is
/// published to a channel of that name reaches no client.
///
/// See the guide: [lists of endpoints](guide::first_app#lists-of-endpoints), [a proxy of your
/// own](guide::deploying#a-proxy-of-your-own) for `verify`, [other backends](guide::deploying#other-backends) for `fallback`.
///
/// # Grammar
///
/// ```text
/// main   := [ item { "," item } [ "," ] ]
/// item   := { "#[cfg(…)]" } PATH | option
/// option := "verify" "=" PATH
///         | "fallback" "=" text
///         | "crate" "=" PATH
/// text   := STRING | "concat!" "(" LITERAL { "," LITERAL } ")"
/// ```
pub use fanout_macros::main;

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
