//! Tests of endpoints on the host: a client, the app and a simulated proxy, in a plain `#[test]`.
//!
//! The app is the code that runs on Compute, up to the `fastly` crate: its routing, its check of tokens, its guards, its holds
//! and its publishing. The proxy is simulated, and its clock stands still until the test moves it. A test needs no wasm, no
//! process, no port and no sleep. It takes about a millisecond.
//!
//! The feature `testing` turns it on, as a dev-dependency:
//!
//! ```toml
//! [dev-dependencies]
//! fanout = { version = "0.1", features = ["testing"] }
//! ```
//!
//! A test reads like the story of its clients:
//!
//! ```
//! use fanout::prelude::*;
//!
//! #[fanout::sse(path = "/rooms/{room}", channel = "room-{room}")]
//! fn room() {}
//!
//! #[fanout::ws(path = "/rooms/{room}/chat", channel = "room-{room}")]
//! fn chat(room: &str, message: &str) -> String {
//!     format!("{room}: {message}")
//! }
//!
//! #[fanout::endpoints(room, chat)]
//! enum Endpoints {}
//!
//! // In a `#[test]`:
//! let app = fanout::testing::app::<Endpoints>();
//! let mut stream = app.get("/rooms/red").header("x-member", "ann").open();
//! stream.assert_hold(|hold| hold.channels() == ["room-red"]);
//! app.publish(room::channel("red"), "goal");
//! assert_eq!(stream.next_event().data(), "goal");
//!
//! let mut chat = app.connect("/rooms/red/chat");
//! chat.send("hello");
//! assert_eq!(chat.next_text(), "red: hello");
//! ```
//!
//! | | |
//! |---|---|
//! | [`app`], [`routes`] | the app under test, of a list of endpoints or of routes |
//! | [`App`] | makes requests, publishes, moves the clock |
//! | [`Request`] | a client's request: its headers, its body, its address |
//! | [`Client`] | a client of a stream or a poll, and what it got |
//! | [`Socket`] | a client of a WebSocket |
//! | [`Response`] | a whole response |
//! | [`Hold`] | the hold of a client, as the proxy reads it |
//!
//! # Failures
//!
//! Waiting for an event that does not come is a panic, at once: nothing can happen before the test does something else. The
//! message, and that of every other failure in a test, tells what happened up to then: the requests, the answers, the holds,
//! the published items and the log of the library.
//!
//! # Limits
//!
//! The body of `main` is not tested: a request that no endpoint matches gets a 404. A handler that takes a
//! [`fastly::Request`] cannot run on the host, and is a panic that names the endpoint. Other code that
//! makes hostcalls, such as that of a KV store, does not link on the host: see the [guide](crate::guide::testing).

mod app;
mod client;
mod deployed;
mod event;
mod header_list;
mod hold;
mod proxy;
mod request;
mod response;
mod socket;
mod stage;
mod story;
mod wire;

pub use app::{App, Tested, app, routes};
pub use client::Client;
pub use event::Event;
pub use hold::{Hold, KeepAlive, Subscription};
pub use proxy::Frame;
pub use request::Request;
pub use response::Response;
pub use socket::{Closed, Message, Socket};
