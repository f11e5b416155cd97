//! Real-time endpoints on [Fastly Compute] with [Fanout]: annotate a function, get an endpoint that holds
//! thousands of connections.
//!
//! ```no_run
//! use fanout::prelude::*;
//!
//! /// Every subscriber of `news`, as server-sent events.
//! #[fanout::sse(channel = "news")]
//! fn news() {}
//!
//! /// Sends every message back, and hears what is published to `news`.
//! #[fanout::ws(echo, channel = "news")]
//! fn chat() {}
//!
//! #[fanout::main(news, chat)]
//! fn main(request: Request) -> Result<Response, Error> {
//!     Ok(Response::from_status(404).with_body(format!("nothing at {}\n", request.get_path())))
//! }
//! ```
//!
//! The attributes are [`sse`], [`stream`], [`long_poll`], [`ws`], [`main`](macro@main) and [`endpoints`](macro@endpoints).
//! [`language`] is the guide to what can be said in them.
//!
//! # What happens to a request
//!
//! An app of this kind is invoked twice for each client request. The first time by the client: the request has
//! no `Grip-Sig` header, and the endpoint hands it off to Fanout, naming the backend `self`, which is the app
//! again. The second time by Fanout, which signs what it sends: now the endpoint's function runs, and the
//! answer tells Fanout to hold the connection and which channels to subscribe it to. The app is done then;
//! Fanout holds the connection and delivers what is published.
//!
//! # Without macros
//!
//! The attributes are thin. An endpoint is a [`Route`], a plain value, and [`handle`] serves a list of them:
//!
//! ```no_run
//! use fanout::grip::{Channel, Hold};
//! use fanout::{Outcome, Route};
//!
//! const NEWS: Route = Route::sse("/news", |_head| {
//!     Hold::sse(Channel::from_static("news")).into()
//! });
//!
//! fn main() {
//!     match fanout::handle(fastly::Request::from_client(), &[NEWS]) {
//!         Outcome::HandedOff | Outcome::Answered => {}
//!         Outcome::Unmatched(request) => {
//!             let body = format!("nothing at {}\n", request.get_path());
//!             fastly::Response::from_status(404).with_body(body).send_to_client();
//!         }
//!     }
//! }
//! ```
//!
//! So an app that has its own `main` can adopt one endpoint at a time. It cannot be a `#[fastly::main]`: that
//! one always sends a response, and a request that was handed off has none.
//!
//! [Fastly Compute]: https://www.fastly.com/documentation/guides/compute/
//! [Fanout]: https://www.fastly.com/documentation/guides/concepts/real-time-messaging/fanout/

mod compute;
pub mod endpoint;
pub mod grip;
pub mod language;
pub mod prelude;
pub mod publish;

#[doc(hidden)]
pub mod __private;

#[doc(inline)]
pub use compute::{ClientAddr, ClientGeo, ClientRequest, MainReturn, Outcome, handle, handle_with, policy};
#[doc(inline)]
pub use endpoint::{
    Answer, Endpoint, FromRequest, Guarded, Held, IntoResponse, Json, LastEventId, LastIds, Poll, Query,
    Redirect, Refusal, RequestHead, Route, Subprotocol, TypedHeader,
};
#[doc(inline)]
pub use grip::{Channel, Event};
pub use publish::{publish, publish_all};

pub use {headers, http};

/// A stream of server-sent events: `text/event-stream`, held open, fed by what is published.
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
/// The function runs when the stream opens, and returns the first events: `()`, an [`Event`], text, [`Json`], a list or an
/// iterator of these, an `Option` or `Result` of one of these, or [`Held`] to change the hold. An `Err` is the answer, and
/// nothing is held. [`IntoEvents`](endpoint::IntoEvents) has the whole table.
///
/// An `EventSource` hides what an answer other than 200 says. For pages there is [`Refusal`], whose event they hear:
///
/// ```
/// use fanout::{Json, Query, Refusal};
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Deserialize)]
/// struct Access {
///     token: Option<String>,
/// }
///
/// #[derive(Serialize)]
/// struct Welcome<'a> {
///     motd: &'a str,
/// }
///
/// #[fanout::sse(channel = "members")]
/// fn members(Query(access): Query<Access>) -> Result<Json<Welcome<'static>>, Refusal> {
///     match access.token.as_deref() {
///         Some("secret") => Ok(Json(Welcome { motd: "good to see you" })),
///         _ => Err(Refusal::event("forbidden", "this is for members")),
///     }
/// }
/// ```
///
/// Its parameters are parameters of the `path`, by their names, or are made from the request by their types: a [`Query`], a
/// [`TypedHeader`], [`LastEventId`], and whatever else implements [`FromRequest`]. [`language`] says all about paths,
/// channels, arguments and guards.
///
/// A stream of events is kept awake by a comment whenever it was quiet for 15 seconds, and begins with one where it would
/// be empty: see [`Hold::sse`](grip::Hold::sse).
///
/// The function stays as it is. Beside it there is a type of the same name, an
/// [`Endpoint`], for `#[fanout::main(news)]`.
pub use fanout_macros::sse;

/// A stream of text: `text/plain`, held open, fed by what is published.
///
/// ```
/// #[fanout::stream(channel = "log")]
/// fn log() -> &'static str {
///     "from here on:\n"
/// }
/// ```
///
/// The function runs when the stream opens, and returns the first bytes: `()`, text, bytes, a list or an iterator of
/// these, an `Option` or `Result` of one of these, or [`Held`] to change the hold. An `Err` is the answer, and nothing is
/// held. [`IntoStream`](endpoint::IntoStream) has the whole table.
///
/// Some proxies on the way to a client hold a response back until its first byte comes. No byte of a text goes unseen, so
/// none is sent for that: begin with something where it matters.
pub use fanout_macros::stream;

/// A long poll: one response, held back until something is published or the time is over.
///
/// ```
/// #[fanout::long_poll(channel = "score", timeout = 30)]
/// fn score() -> &'static str {
///     "no goal in 30 seconds\n"
/// }
/// ```
///
/// The function runs when the poll opens, and returns the body that the client gets at the timeout: `()`, text, bytes,
/// [`Json`], a status alone or with one of these, an `Option` or `Result` of one of these, or [`Held`] to change the hold.
/// [`Poll::Now`] is the answer at once; so is an `Err`, and nothing is held then.
/// [`IntoPoll`](endpoint::IntoPoll) has the whole table.
///
/// What is published while nobody polls is missed. So is, now and then, what is published about a second after the
/// first client subscribed to a channel: Pushpin (seen with 1.36) asks the app again for each poll then, and the
/// poll goes on, up to its timeout, without what came in that moment.
pub use fanout_macros::long_poll;

/// A WebSocket, which hears what is published.
///
/// ```
/// #[fanout::ws(echo, channel = "chat")]
/// fn chat() -> &'static str {
///     "welcome"
/// }
/// ```
///
/// The function runs when the connection opens, and returns the first messages: `()`, text, bytes, or an `Option`
/// or `Result` of one of these. An `Err` refuses the connection, and is what the client sees.
pub use fanout_macros::ws;

/// The app's `main`: serves the endpoints it lists, and its own body serves the rest.
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
/// It takes the place of `#[fastly::main]`. The list holds paths (`chat::room`), each with its `#[cfg(…)]` if it
/// has one, and may end with options.
///
/// `fn main()` answers 404 to the rest. `fn main(request: Request)` returns a `Response`, a `Result<Response, E>`
/// whose error is answered as a 500 with its text, or `()` or `Result<(), E>` when it has sent its answer itself.
///
/// With `fallback` the rest goes to a backend that speaks GRIP itself, and `main` has neither parameter nor body:
///
/// ```no_run
/// #[fanout::sse(channel = "news")]
/// fn news() {}
///
/// #[fanout::main(news, fallback = "origin")]
/// fn main() {}
/// ```
pub use fanout_macros::main;

/// A list of endpoints that other lists name: a module offers its own, and `main` needs to know no more of it.
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
///     /// What this module serves.
///     #[fanout::endpoints(room, all)]
///     pub enum Endpoints {}
/// }
///
/// #[fanout::main(rooms::Endpoints)]
/// fn main() {}
/// ```
///
/// The list is written as in [`main`](macro@main), and may hold lists itself. The type stands for the list and nothing else: an
/// `enum` without variants can be nothing else. Two endpoints that answer the same requests are an
/// error wherever their lists meet.
pub use fanout_macros::endpoints;
