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
//! # Features
//!
//! None is on by default.
//!
//! - `publish-http` brings an HTTP client, to [publish](mod@publish) from servers and command-line tools, outside of Compute:
//!   `publish::HttpClient`, and `from_env` and `from_grip_urls` of [`Publisher`](publish::Publisher). It does nothing where
//!   the target is wasm.
//!
//! [Fastly Compute]: https://www.fastly.com/documentation/guides/compute/
//! [Fanout]: https://www.fastly.com/documentation/guides/concepts/real-time-messaging/fanout/

mod compute;
pub mod endpoint;
pub mod grip;
pub mod language;
mod log;
pub mod prelude;
pub mod publish;

#[doc(hidden)]
pub mod __private;

#[doc(inline)]
pub use compute::{ClientAddr, ClientGeo, ClientRequest, MainReturn, Outcome, handle, handle_with, policy};
#[doc(inline)]
pub use endpoint::{
    Answer, Cookies, Endpoint, FromRequest, Guarded, Held, IntoResponse, Json, LastEventId, LastIds, Poll,
    Query, Redirect, Refusal, RequestHead, Route, Subprotocol, TypedHeader,
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
/// What is published reaches it as an event does, since it is one kind of client with those of [`sse`] to the proxy. Say
/// [`unframed`](publish::Message::unframed) for text that is only for streams of this kind.
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

/// A WebSocket: a function for each message, or a type for a connection.
///
/// ```
/// use fanout::prelude::*;
///
/// #[fanout::ws(path = "/rooms/{room}", channel = "room-{room}")]
/// fn shout(room: &str, message: &str) -> String {
///     format!("{room} hears {}", message.to_uppercase())
/// }
/// ```
///
/// What is published to its channels reaches the client, too. Fanout holds the connection. The app hears of what the
/// client does by requests, one at a time for a connection, and each may carry several messages: the function runs once
/// for each of them, in order.
///
/// # A function
///
/// One parameter is made from the message, and its type says which messages are taken:
///
/// | type | takes | whatever else comes |
/// |---|---|---|
/// | `&str`, `String` | text | closes with 1003 |
/// | `&[u8]`, `Vec<u8>` | bytes | closes with 1003 |
/// | [`Message`](endpoint::websocket::Message) | both | |
/// | [`Json<T>`](Json) | text that is JSON, and a `T` | closes with 1007 and says why; bytes close with 1003 |
/// | `Result<Json<T>, InvalidJson>` | both | is an `Err`, and the function decides |
/// | a type of your own | as its [`FromMessage`](endpoint::websocket::FromMessage) says | as that says |
///
/// A parameter that has the name of one of the path's is that one. Others are made from the request as in every endpoint: a
/// [`Query`], a [`TypedHeader`], a [`Guarded`], of the request that opened the connection. Which parameter is the message
/// goes by its type; where the type is your own, the option `message = name` says which one it is.
///
/// What the function returns is sent: `()`, text, bytes, a `Message`, `Json`, a `Vec`, an array or an iterator of these, or
/// an `Option` of one of these. A [`Reply`](grip::websocket::Reply) does all that can be done: it sends several, subscribes
/// and unsubscribes, delays, closes. An `Err` [closes the connection](#closes).
///
/// ```
/// use fanout::endpoint::websocket::Closing;
/// use fanout::grip::websocket::{CloseCode, Reply};
/// use fanout::prelude::*;
///
/// #[derive(serde::Deserialize)]
/// #[serde(tag = "do", rename_all = "snake_case")]
/// enum Command {
///     Follow { topic: String },
///     Leave { topic: String },
/// }
///
/// #[fanout::ws]
/// fn topics(Json(command): Json<Command>) -> Result<Reply, Closing> {
///     let channel = |topic| Channel::new(topic).map_err(|error| Closing::new(CloseCode::POLICY, error.to_string()));
///     let mut reply = Reply::new();
///     match command {
///         Command::Follow { topic } => reply.subscribe(channel(topic)?).map_err(Closing::internal_error)?,
///         Command::Leave { topic } => reply.unsubscribe(&channel(topic)?).map_err(Closing::internal_error)?,
///     }
///     reply.text("done");
///     Ok(reply)
/// }
/// ```
///
/// A function without a parameter for a message runs when the connection opens, and returns what is sent first. An `Err`
/// refuses the connection then. Messages are ignored, or with `echo` sent back:
///
/// ```
/// #[fanout::ws(echo, channel = "chat")]
/// fn chat() -> &'static str {
///     "welcome"
/// }
/// ```
///
/// # A type
///
/// Where a connection is more than its messages, it is a type. Its value is the connection's state:
///
/// ```
/// use fanout::grip::websocket::Close;
/// use fanout::prelude::*;
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize, Deserialize)]
/// struct Player {
///     name: String,
///     points: u32,
/// }
///
/// #[derive(Deserialize)]
/// struct Asked {
///     name: Option<String>,
/// }
///
/// #[fanout::ws(path = "/games/{game}", channel = "game-{game}")]
/// impl Player {
///     fn open(game: &str, Query(asked): Query<Asked>) -> Result<(Self, String), Answer> {
///         let name = asked.name.ok_or_else(|| Answer::text(401, "who are you?\n"))?;
///         let welcome = format!("welcome to {game}, {name}");
///         Ok((Self { name, points: 0 }, welcome))
///     }
///
///     fn text(&mut self, message: &str) -> Option<String> {
///         self.points += u32::from(message == "goal");
///         (message == "score").then(|| format!("{} has {}", self.name, self.points))
///     }
///
///     fn close(&mut self, close: Option<Close>) -> &'static str {
///         if close.is_some_and(|close| close.code == 1001) { "see you" } else { "good bye" }
///     }
///
///     fn disconnect(&self, game: &str) {
///         println!("{} has lost the connection to {game}", self.name);
///     }
/// }
/// ```
///
/// | method | runs | and returns |
/// |---|---|---|
/// | `open(…)` | when the connection opens; without it, it begins with `Self::default()` | `Self`, or `(Self, what is sent first)`, or a `Result` of these: an `Err` refuses the connection, and is what the client sees in its place |
/// | `text(&mut self, message, …)` | for each text | what is sent, as above |
/// | `binary(&mut self, message, …)` | for each message of bytes | the same |
/// | `message(&mut self, message, …)` | for each message, in place of these two | the same |
/// | `close(&mut self, close, …)` | when the client closes | what is sent before the close that answers it |
/// | `disconnect(&self, …)` | when the client is gone without a close | nothing can be sent; an `Err` goes to the log |
/// | `renew(stale, …)` | when stored state is not what the type says | `Self`, or a `Result` of it |
///
/// Each may be left out, and each takes what a function takes: parameters of the path, and what is made from the request.
/// The first of the others is what happened, and can be left out where it does not matter: a message; a close, as
/// `Option<Close>`, the code as `Option<u16>` or the reason as `&str`; what is [`Stale`](endpoint::websocket::Stale). A
/// type of your own that is made from the request stands behind it, since nobody can see which of the two it is. A
/// message of a kind that no method takes closes with 1003; where there is none at all, messages are ignored. A connection
/// either closes or is gone, so that of `close` and `disconnect` one runs, once: where the app has closed, when the client
/// answers; where a close was published or a reply [detaches](grip::websocket::Reply::detach), at once and without a code.
///
/// Only these methods stand in the block; others go into an `impl` of their own.
///
/// # State
///
/// The value lives at the proxy, which sends it with every request. It is written there as JSON after the methods have run,
/// where it has changed, and may have [`MAX_STATE`](endpoint::websocket::MAX_STATE) = 4,000 bytes, in which characters
/// beyond ASCII count 6 or 12: the proxy has 8 kB for all the headers of a request, among them those of the client's own
/// request and what a guard returned. A larger one closes the connection with 1011, and the log says how large it was. What is long goes into a store,
/// and its key into the state. No client sees it or can change it.
///
/// State outlives the app that wrote it. After a deployment, fields that are no longer there are ignored, and new ones need
/// `#[serde(default)]`. What still does not fit goes to `renew`; without it, a connection that has no `open` begins anew by
/// `Default`, and any other is closed with 1012, so that the client connects again.
///
/// # Closes
///
/// A client's close is answered by the same code and reason. The app closes by [`Reply::close`], which is sent behind
/// everything else, and by an `Err`, which is sent behind what came before: how, its
/// [`IntoClose`](endpoint::websocket::IntoClose) says. By default that is 1011 without more, and a line in the log;
/// [`Closing`](endpoint::websocket::Closing) has a code and a reason of your own. Messages behind a close are not run: what
/// the client said before it heard of it is dropped.
///
/// | code | the client |
/// |---|---|
/// | 1003 | sent text where bytes are taken, or bytes where text is |
/// | 1007 | sent what is no UTF-8, or not the JSON that is taken |
/// | 1008 | sent what an argument could not be made from: as the argument's answer says |
/// | 1009 | sent more than `max_message` |
/// | 1011 | hears no more: an error, too large a state, or an answer over 1 MB; the log says which |
/// | 1012 | is to connect again: its state fits this app no more |
///
/// The proxy itself cuts the connection of a client that sends a message of more than 200,000 bytes, or a ping between the
/// frames of one. And Pushpin 1.41 loses an empty message that comes while the app answers what came before it (1.36 does
/// not): where empty messages mean something, let the client say a word instead.
///
/// Much that is sent together with a close may not arrive, be the close the app's or the answer to the client's: what
/// Pushpin's buffer for a client does not hold, which is `client_buffer_size`, 8,192 bytes by default and 262,144 under
/// `cargo xtask serve`. With the default, 1.41 lost what stood behind a message of 10,000 bytes, and no code told; one of
/// 17,000 was cut off itself, as 1.36 did at 33,000. So send what is long, and close with the answer to a later message.
/// And 1.36 never gets a single message of 33,000 bytes to the client whole with the default, nor one of 300,000 under
/// `cargo xtask serve`.
///
/// # Who may connect
///
/// `subprotocols = ["v2.example", "v1.example"]` names what the endpoint speaks. The first of them that the client offers is
/// chosen, and a parameter [`Subprotocol`] is its name. A client that offers none of them gets a 400 that names them. Without
/// the option none is chosen, and a browser whose page offers one gives the connection up.
///
/// Browsers let a page of **any** origin connect, and send their cookies with it. So without `origins` every page of the
/// world can open this WebSocket in the name of whoever looks at it. That does not matter where everybody hears the same, or
/// where a message or a token in the query says who it is; where a cookie does, write whose pages may:
/// `origins = ["https://www.example.com"]`. Others get a 403. A client that says no origin is no browser, and is let in.
///
/// A `guard` decides about everything else, and what it returns is there with each message, as [`Guarded`]. All of this is
/// decided at the edge, before anything is held.
///
/// ```
/// use fanout::endpoint::websocket::{FromMessage, Incoming, WrongKind};
/// use fanout::prelude::*;
///
/// /// A line that somebody says.
/// struct Line(String);
///
/// impl<'m> FromMessage<'m> for Line {
///     type Rejection = WrongKind;
///
///     fn from_message(message: Incoming<'m>) -> Result<Self, WrongKind> {
///         <&str>::from_message(message).map(|text| Self(text.trim_end().to_owned()))
///     }
/// }
///
/// #[fanout::ws(
///     subprotocols = ["v2.example", "v1.example"],
///     origins = ["https://www.example.com"],
///     message = line,
///     max_message = 2_000,
///     keep_alive = "30s",
///     keep_alive_interval = "5m"
/// )]
/// fn lines(line: Line) -> String {
///     line.0
/// }
/// ```
///
/// # Keep-alive
///
/// Pings are answered by themselves. `keep_alive = "30s"` lets the proxy send a ping when nothing was sent for 30 seconds,
/// for networks that cut quiet connections: `keep_alive = every("30s", "still here")` sends it all the time, with up to 125
/// bytes of content. The pong that comes back is a request to the app, which does nothing with it, as every ping of the
/// client's is, so that a ping a second for each of many clients has its price. `keep_alive_interval = "60s"` asks the
/// app itself when the connection is quiet, by a request without events, which is answered without any function of yours.
///
/// # When the app goes away
///
/// A connection does not notice that the app is deployed or started anew: it stays open, and goes on with its state. Of what
/// is under way at that moment, a local Pushpin does the following (read in its source, tried with 1.36 and 1.41):
///
/// - A request that has not reached the app is sent again, up to five times in about half a minute. What the client says
///   meanwhile waits behind it, in order. Then the connection is cut.
/// - A request that has reached the app, and is not answered, is mostly not sent again: the connection is cut, without a
///   close. The app may have run, and what it has done stands, but what it returned is lost, and so is what it would have
///   written to the state. Now and then 1.36 does send it again, and the app runs twice.
/// - A connection that has not opened yet is refused with a 502.
///
/// So give what must not happen twice an id, and let a client that sees a connection end without a close connect again, and
/// ask what it missed.
///
/// Messages that are published arrive in order, up to the proxy's limit: Pushpin delivers 2,500 a second, one for each client
/// that hears it, and drops what waits behind 25,000: what somebody says in a room of 200 counts 200 times. Its log has a
/// line for each that it drops. A Pushpin of your own has `message_rate` and `message_hwm` in its configuration. Raise the
/// rate to what the machine can do and not beyond: without one, 1.41 lost messages between its own processes, and cut those
/// connections (seen with 800,000 at once).
///
/// It also has a queue of 100 requests to apps, which no setting changes, and cuts the connection whose request finds it
/// full: that is where hundreds of clients say something in the same moment.
///
/// On your machine, Viceroy 0.22 now and then drops what is sent together with the answer that opens a connection. Behind
/// Fastly, or straight at Pushpin's port, it arrives.
///
/// [`Reply::close`]: grip::websocket::Reply::close
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
/// It can also answer as endpoints do, with an [`Answer`] or a `Result<Answer, E>` whose error is [`IntoResponse`], so that
/// one type of error does for both:
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
/// /// `POST /goals?game=red` is heard at `/scores/red`, and `game=a%20b` at `/scores/a%20b`.
/// fn goals(mut request: Request) -> Result<Answer, PublishError> {
///     match Query::parse(request.get_query_str().unwrap_or_default()) {
///         Ok(Query(Goal { game })) => {
///             fanout::publish(scores::channel(&game), request.take_body_bytes())?;
///             Ok(Answer::text(202, "everybody is told\n"))
///         }
///         Err(error) => Ok(error.into_response()),
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
/// [`Query::parse`] decodes what the client sent. `get_path` does not: in a path, `a b` is still `a%20b`, and what is published
/// to a channel of that name reaches nobody.
///
/// An `Answer` becomes a `Response` by `into()`.
///
/// `verify` names who is believed beside Fanout, such as a Pushpin of your own:
///
/// ```no_run
/// use fanout::grip::sig::{Key, Policy};
///
/// #[fanout::sse(channel = "news")]
/// fn news() {}
///
/// fn trusted() -> Policy {
///     let key = Key::hs256("the sig_key of pushpin.conf, 32 bytes or more").expect("it is long enough");
///     fanout::policy().trust(key, "pushpin.example.com")
/// }
///
/// #[fanout::main(news, verify = trusted)]
/// fn main() {}
/// ```
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
