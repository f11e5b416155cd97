//! The language of the attributes: paths, channels, arguments, guards, and what can be said about a hold.
//!
//! This is the guide. Each attribute has the table of its options on its own page.
//!
//! # Paths
//!
//! An endpoint is at `/` and its function's name, or where `path` says. `{name}` is one segment of the path,
//! `{*name}` is the rest of it and stands at the end; neither is ever empty. The function takes a parameter of the path by its name: as `&str`,
//! as `String`, or as anything that implements [`FromStr`](std::str::FromStr).
//!
//! ```
//! use fanout::prelude::*;
//!
//! #[fanout::sse(path = "/games/{game}/players/{player}", channel = "game-{game}")]
//! fn player(game: u32, player: &str) -> Event {
//!     Event::comment(format!("{player} watches game {game}"))
//! }
//!
//! /// `/games/seven/goals` is a 400 that says why, and not a 404.
//! #[fanout::sse(path = "/games/{game}/goals", channel = "goals-{game}", strict)]
//! fn goals(game: u32) -> Event {
//!     Event::comment(format!("the goals of game {game}"))
//! }
//! ```
//!
//! - A value is percent-decoded once, after the match: `%2F` does not end its segment. One that is not UTF-8, or has a
//!   control character, is a 400 that names the parameter.
//! - A value that its type cannot be parsed from is a 404, or with the flag `strict` a 400 that says why. Both are said before
//!   anything is handed to Fanout. What only a guard or a channel function is given is a 404 there, `strict` or not.
//! - Where several paths match, a literal segment comes before a parameter, and that before the rest. Two endpoints that answer
//!   the same requests do not compile.
//! - Something has to use each parameter: an argument, the channel, another option. `{_name}` is for one that nothing uses.
//! - `path`, like every text here, is a literal or a `concat!` of literals: nothing else can be seen when the app is built.
//!
//! # Channels
//!
//! `channel` takes a name, in which `{parameter}` stands for one of the path (and `{{` for a brace), or a list of names. Whatever
//! the path has in it, it stays one channel.
//!
//! ```
//! #[fanout::sse(path = "/rooms/{room}", channel = "room-{room}")]
//! fn room() {}
//!
//! #[fanout::sse(path = "/lobbies/{lobby}", channel = ["lobby-{lobby}", "announcements"])]
//! fn lobby() {}
//!
//! // Whoever publishes asks the endpoint for the name, and cannot misspell it.
//! assert_eq!(room::channel("blue").as_str(), "room-blue");
//! let [lobby, announcements] = lobby::channels("green");
//! # assert_eq!((lobby.as_str(), announcements.as_str()), ("lobby-green", "announcements"));
//! ```
//!
//! A channel is made of the text of the path, and not of what an argument was parsed from. So `channel` takes texts, whatever
//! the types of the function's parameters are: `player::channel("7")`. And `/games/007` is on `game-007`, though its
//! `game: u32` is 7. Refuse or redirect what is not written as you publish it.
//!
//! What a template cannot say, a function finds: `channel = topics`, or `channel = topics(room)` with parameters of the path,
//! which are its first arguments. The others are made by their types, as [below](#arguments). It returns a
//! [`Channel`], a [`Subscription`] with filters and the id of the last message that was seen, a list of these, or
//! a refusal; [`IntoSubscriptions`] has the table.
//!
//! ```
//! use fanout::grip::{Filter, Subscription};
//! use fanout::prelude::*;
//! use serde::Deserialize;
//!
//! #[derive(Deserialize)]
//! struct Wanted {
//!     #[serde(default)]
//!     topic: Vec<String>,
//! }
//!
//! /// `?topic=a&topic=b`
//! fn topics(user: &str, Query(wanted): Query<Wanted>) -> Result<Vec<Subscription>, Answer> {
//!     if wanted.topic.is_empty() {
//!         return Err(Answer::text(400, format!("{user}, name a topic\n")));
//!     }
//!     let channels = wanted.topic.into_iter().map(|topic| Channel::new(format!("topic-{topic}")));
//!     let subscriptions = channels.map(|channel| Ok(Subscription::new(channel?).filter(Filter::SkipSelf)));
//!     subscriptions.collect::<Result<_, _>>().map_err(|error: fanout::grip::InvalidChannel| error.into_response())
//! }
//!
//! #[fanout::sse(path = "/users/{user}/topics", channel = topics(user), meta = ("user", "{user}"))]
//! fn events() {}
//! ```
//!
//! # Arguments
//!
//! What is no parameter of the path by its name is made by its type. [`FromRequest`] has the table, and is yours to implement.
//! A [`Query`](crate::Query) follows the rule of paths: a value that is not UTF-8 is a 400 that names the field, and so is a
//! channel that a channel function makes of a value with a control character.
//! An endpoint's own function, and its channel function, can also have [`Request`](crate::prelude::Request), with the body for
//! the first that takes it, and [`Guarded`]; a guard can have the client's address, place and request.
//!
//! ```
//! use fanout::prelude::*;
//!
//! #[fanout::long_poll(channel = "orders", methods = ["GET", "POST"], timeout = "25s")]
//! fn orders(mut request: Request, seen: LastEventId) -> String {
//!     format!("{} bytes, and {:?} was seen\n", request.take_body_bytes().len(), seen.get())
//! }
//! ```
//!
//! # Guards
//!
//! A guard runs when the client asks, before anything is handed to Fanout: whoever it refuses costs no connection. It is
//! named like a channel function, takes the same arguments, and [`ClientAddr`], [`ClientGeo`] and [`ClientRequest`] besides. It
//! returns a `Result`: an `Err` is the answer, and the value of an `Ok` goes on to the endpoint's function and to its
//! channel function as [`Guarded`].
//!
//! ```
//! use fanout::ClientAddr;
//! use fanout::prelude::*;
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Serialize, Deserialize)]
//! struct Member {
//!     name: String,
//! }
//!
//! fn may_enter(room: &str, cookies: Cookies, ClientAddr(addr): ClientAddr) -> Result<Member, Answer> {
//!     match cookies.get("__Host-session").and_then(member_of) {
//!         Some(name) if room != "closed" => Ok(Member { name }),
//!         _ => Err(Answer::text(403, format!("nothing for {addr} in {room}\n"))),
//!     }
//! }
//!
//! #[fanout::sse(path = "/rooms/{room}", channel = "room-{room}", guard = may_enter(room))]
//! fn room(Guarded(member): Guarded<&Member>) -> Event {
//!     Event::comment(format!("welcome, {}", member.name))
//! }
//! # fn member_of(session: &str) -> Option<String> { (session == "a7").then(|| "Ann".to_owned()) }
//! ```
//!
//! - [`Cookies`](crate::Cookies) are the cookies of the request. One that cannot be read hides no other. Where a cookie admits
//!   to a WebSocket, name the pages that may connect, too: `origins = ["https://www.example.com"]`.
//! - The value travels as JSON in a header, which is sent with each request of a connection and may have some 1,500 bytes; a
//!   longer one is a 500, and a line in the log says so. Nothing that a client sends is taken for it, and it counts for the
//!   endpoint and the parameters that the guard ran for.
//! - What the proxy asks itself has no cookies and no such header. When it asks for what was missed at a `next` link of this
//!   service, the value comes by the link.
//! - Where it is missing, and where the policy names [a proxy of your own](crate::grip::sig), which clients may get to directly,
//!   the guard runs again on the second invocation. There the client's address is not known: see [`ClientAddr`].
//! - A guard is asked when a connection opens. One that is open lives on until the client goes or a publish closes it.
//! - It never reads the body.
//!
//! # What is held
//!
//! ```
//! use fanout::prelude::*;
//!
//! #[fanout::sse(
//!     path = "/scores/{game}",
//!     channel = "scores-{game}",
//!     keep_alive = every("30s", "event: awake\ndata: \n\n"),
//!     next = "/scores/{game}",
//!     next_after = "5m",
//!     gone = "/scores/{game}/gone",
//!     headers = [("X-Feed", "live"), ("Cache-Control", "private, no-store")],
//!     expose_headers = ["X-Feed"],
//!     status = 202,
//!     meta = [("game", "{game}")]
//! )]
//! fn scores() {}
//!
//! /// Lines of text, kept awake by an empty one.
//! #[fanout::stream(channel = "log", keep_alive = idle("20s", "\n"), content_type = "text/csv")]
//! fn log() {}
//!
//! /// Nothing but what is published.
//! #[fanout::sse(channel = "alarms", keep_alive = off)]
//! fn alarms() {}
//! ```
//!
//! - Times are whole seconds: `30`, `"30s"`, `"2m"`, `"1h"`.
//! - `keep_alive = "20s"` sends something after so many quiet seconds; so does `idle("20s", "…")`, and says what is sent.
//!   `every("20s", "…")` sends it whether the stream is quiet or not. Without the option an `sse` endpoint
//!   sends a comment after 15 quiet seconds, and with `off` nothing. A `stream` sends nothing, since there no byte goes unseen, and has to say what
//!   is sent.
//! - `next` is where the proxy asks for what was missed, in the client's place, and `gone` what it tells when the client has
//!   left (Pushpin 1.41 does). Both are a path of this service, in which `{parameter}` stands for one of this path, or an address
//!   with its host written out. The proxy asks at `next` when it sees a gap, and after 120 quiet seconds, or so many as `next_after` says.
//!   A stream with a `next` cannot have a channel with `,`, `;`, `"` or more than ASCII in it: the proxy reads such a hold as JSON, which
//!   has no word for the link. Where the attribute names one it does not compile; a path that makes one is answered with a 400 that says
//!   so, and the constant of a function with a 500.
//! - `headers` are the client's, `Cache-Control: no-store` among them unless you set another. They are the same for every
//!   request, without parameters of the path. `expose_headers` are all that the client gets beside `Content-Type` and
//!   `Cache-Control`, if you name some.
//! - `meta` is what the filters of a [`Subscription`] look at.
//! - What only the request knows, the function returns: [`Held`] changes its hold.
//!
//! # Missing nothing
//!
//! What is published while a client is away, or between its request and its subscription, is missed. Where that must not
//! be, publish each message with an id and the id before it, and say to which message a client has come. When the two do not
//! meet, the proxy asks at the link `next`, in the client's place, and its `Grip-Last` says what is missing.
//!
//! ```
//! use fanout::grip::{InvalidEvent, Subscription};
//! use fanout::prelude::*;
//! use fanout::{Held, LastIds};
//! use fanout::publish::Item;
//!
//! /// What was scored after an id, oldest first: from a store of yours.
//! fn since(room: &str, id: Option<&str>) -> Vec<(u32, String)> {
//!     let seen = id.and_then(|id| id.parse().ok()).unwrap_or(0);
//!     (seen + 1..=3).map(|id| (id, format!("goal {id} in {room}"))).collect()
//! }
//!
//! #[fanout::sse(path = "/rooms/{room}/goals", channel = "goals-{room}", next = "/rooms/{room}/goals")]
//! fn goals(room: &str, seen: LastEventId, missed: LastIds) -> Result<Held<Vec<Event>>, InvalidEvent> {
//!     let channel = goals::channel(room);
//!     let goals = since(room, missed.of(&channel).or(seen.get()));
//!     let last = goals.last().map_or("3".to_owned(), |(id, _)| id.to_string());
//!     let events = goals.into_iter().map(|(id, goal)| Event::data(goal).id(id.to_string())).collect::<Result<_, _>>()?;
//!     Ok(Held::new(events, move |hold| hold.channel(Subscription::new(channel).prev_id(last))))
//! }
//!
//! // Whoever publishes says the same.
//! let goal = Item::new(goals::channel("red"), "goal 4").id("4").prev_id("3");
//! ```
//!
//! From then on *everything* on this channel is published with `prev_id`. What is published without it does not reach these
//! streams: the proxy asks at the link instead, and there is nothing new.
//!
//! It also asks about a second after the first client came to a channel, since something may have been published in that
//! second. What the function returns is then a part of the stream: greet only where [`LastIds::is_empty`] says that it is
//! the client who asks.
//!
//! # Tests
//!
//! A function stays a function. What it takes is made in a test as it is named: `LastEventId`, `Query(…)`, `Guarded(&user)`,
//! `ClientAddr(…)`, `Subprotocol("json")`, and what it returns is compared. `fanout::publish` returns
//! `PublishError::NotConfigured` there.
//!
//! A test that makes a `Request`, or whatever else is a call to Compute, does not link on the host. It runs under Viceroy:
//!
//! ```sh
//! CARGO_TARGET_WASM32_WASIP1_RUNNER="viceroy run -C $PWD/fastly.toml --" cargo test --target wasm32-wasip1
//! ```
//!
//! Where none is on your PATH, `cargo xtask serve` has put a Viceroy into `fanout/tools` in your cache folder.
//!
//! # HTTP
//!
//! All of this is answered at the edge, and costs Fanout nothing: another method is a 405 with `Allow`, `OPTIONS` says what
//! there is, and a plain `GET` of a WebSocket is a 426. `HEAD` says whether a `GET` would be let in: the endpoint's function does not
//! run for it, and the headers of what it would have held are not there.
//!
//! A path that an endpoint has is the endpoints' for every method: what none of them answers is a 405, and `main` does not see
//! it. Give a `POST` that `main` answers another path.
//!
//! `methods` is for endpoints that answer something other than `GET`; two endpoints of one path may share its methods.
//! `cors` lets pages of other origins read what the endpoint answers, its refusals too:
//!
//! ```
//! use fanout::prelude::*;
//!
//! /// For pages of two origins, which may send cookies.
//! #[fanout::sse(path = "/offers", channel = "offers", cors = ["https://www.example.com", "http://localhost:8080"])]
//! fn offers() {}
//!
//! /// For every page, without cookies; and it says what it is asked for.
//! #[fanout::long_poll(path = "/offers", channel = "offers", cors = "*", methods = "POST")]
//! fn search(mut request: Request) -> String {
//!     request.take_body_str()
//! }
//! ```
//!
//! Of the headers, a script of another origin reads the usual few, and those that
//! `headers = [("Access-Control-Expose-Headers", "ETag")]` names.
//!
//! # The app
//!
//! [`main`](macro@crate::main) lists the endpoints, each with a `#[cfg(…)]` if it has one. [`endpoints`](macro@crate::endpoints)
//! makes a list that other lists name, so that a module offers its own. What no endpoint matches is for the body of `main`, or
//! with `fallback` for a backend that speaks GRIP itself:
//!
//! ```no_run
//! mod rooms {
//!     #[fanout::sse(path = "/rooms/{room}", channel = "room-{room}")]
//!     fn room() {}
//!
//!     #[cfg(feature = "chat")]
//!     #[fanout::ws(path = "/rooms/{room}/chat", channel = "room-{room}", echo)]
//!     fn chat() {}
//!
//!     #[fanout::endpoints(room, #[cfg(feature = "chat")] chat)]
//!     pub enum Endpoints {}
//! }
//!
//! #[fanout::main(rooms::Endpoints, fallback = "origin")]
//! fn main() {}
//! ```
//!
//! The backend is a name that Fanout knows, as `self` is, and it is handed the client's request as it came. It sees the
//! `Grip-Sig` of this service, so it must be one that you trust. An app that answers some of the rest itself has a body, and
//! hands off from there what it does not: `request.handoff_fanout("origin")?`, and then `Ok(())`.
//!
//! Where the namespace of types has the function's name already, `name` gives the endpoint another. `backend` names what leads to
//! this app again, where that is not called `self`. `crate` says where this crate is, in an app that has it by way of another:
//!
//! ```
//! mod facade {
//!     pub use fanout;
//! }
//!
//! /// A module, and so a type's name that is taken.
//! mod chat {
//!     pub const WELCOME: &str = "welcome";
//! }
//!
//! #[fanout::sse(channel = "chat", name = Chat, backend = "chat_app", crate = facade::fanout)]
//! fn chat() -> &'static str {
//!     chat::WELCOME
//! }
//! # assert_eq!((chat(), Chat::channel().as_str()), ("welcome", "chat"));
//! ```
//!
//! # What runs when
//!
//! | | the client asks | Fanout asks |
//! |---|---|---|
//! | path, method, parameters: 404, 405, 400 | yes | yes |
//! | guard | yes | only [as said above](#guards) |
//! | channel function, arguments by type, the endpoint's function | no | yes |
//! | what is left | handed to Fanout | held |
//!
//! [`Channel`]: crate::Channel
//! [`ClientAddr`]: crate::ClientAddr
//! [`ClientGeo`]: crate::ClientGeo
//! [`ClientRequest`]: crate::ClientRequest
//! [`FromRequest`]: crate::FromRequest
//! [`Guarded`]: crate::Guarded
//! [`Held`]: crate::Held
//! [`LastIds::is_empty`]: crate::LastIds::is_empty
//! [`IntoSubscriptions`]: crate::endpoint::IntoSubscriptions
//! [`Subscription`]: crate::grip::Subscription
