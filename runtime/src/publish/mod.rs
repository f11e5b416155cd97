//! Publishing: one call reaches the SSE, stream, long-poll and WebSocket clients of a channel.
//!
//! ```no_run
//! use fanout::Channel;
//! use fanout::publish::{CloseCode, Item, Message};
//!
//! # #[derive(serde::Serialize)] struct Goal { minute: u8 }
//! const SCORE: Channel = Channel::from_static("score");
//!
//! // A text, bytes, JSON, an `Event`:
//! fanout::publish(SCORE, "1 : 0")?;
//! fanout::publish(SCORE, Message::json(&Goal { minute: 12 })?)?;
//!
//! // Several at once, of any channels, in this order:
//! fanout::publish_all((1..=100).map(|number| Item::new(SCORE, number.to_string())))?;
//!
//! // The end: streams end, and WebSockets are closed with a code and a reason.
//! fanout::publish(SCORE, Message::close(CloseCode::NORMAL, "the match is over"))?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`Message`] has the table of who hears what, and [`Item`] what the proxy can be told besides: ids, for messages that
//! must not be missed or heard twice, and values that filters compare.
//!
//! # On your machine
//!
//! What is published goes to the proxy as JSON, by `POST`. A local Pushpin takes it from anybody at port 5561:
//!
//! ```sh
//! curl http://127.0.0.1:5561/publish/ -d '{"items": [{"channel": "news", "formats": {
//!     "http-stream": {"content": "data: hello\n\n"},
//!     "http-response": {"body": "hello"},
//!     "ws-message": {"content": "hello"}}}]}'
//! ```
//!
//! That, with the frame of the event and all the escapes, is what this module writes. For an app of yours to do it on
//! your machine, its `fastly.toml` says where, as a backend and as a secret:
//!
//! ```toml
//! [local_server.backends.publisher]
//! url = "http://127.0.0.1:5561/"
//!
//! [[local_server.secret_stores.fanout]]
//! key = "GRIP_URL"
//! data = "http://127.0.0.1:5561/"
//! ```
//!
//! # From an app on Compute
//!
//! The same app publishes on Fastly once its service has a backend `publisher` that leads to Fastly's API, and a secret
//! store `fanout` with an API token for it. Make one with the scope `purge_select`, limited to the service:
//!
//! ```sh
//! fastly service backend create --version=latest --autoclone --name=publisher --address=api.fastly.com --port=443 --use-ssl
//! fastly secret-store create --name=fanout
//! fastly secret-store-entry create --store-id=STORE-ID --name=FASTLY_KEY     # asks for the token
//! fastly service resource-link create --version=latest --autoclone --resource-id=STORE-ID
//! fastly service-version activate --version=latest
//! ```
//!
//! A secret `GRIP_URL` in place of `FASTLY_KEY` says where to publish instead, in the way of other GRIP libraries:
//! [`Target::from_grip_url`] has its forms, among them the older address `fanout.fastly.com`. Other names of the store
//! and of the backend go through [`Publisher::from_secret_store`]; an app that has its token from elsewhere makes a
//! [`Target::fastly`] and a [`Backend`], and of them a [`Publisher`].
//!
//! An endpoint's function publishes as any other, and an endpoint knows its channels. This is a chat:
//!
//! ```
//! use fanout::endpoint::websocket::Message;
//! use fanout::publish::PublishError;
//!
//! /// What one says, all hear. Where it cannot be published, the connection is closed with 1011, and the log says why.
//! #[fanout::ws(channel = "chat")]
//! fn chat(message: Message) -> Result<(), PublishError> {
//!     fanout::publish(chat::channel(), message)
//! }
//! ```
//!
//! An app that does not publish has none of this in its wasm.
//!
//! # From a server, or a command-line tool
//!
//! Outside of Compute it needs the feature `publish-http`, and the environment variable `GRIP_URL`:
//!
//! ```toml
//! [dependencies]
//! fanout = { version = "0.1", features = ["publish-http"] }
//! ```
//!
//! ```no_run
//! use fanout::Channel;
//!
//! // GRIP_URL=https://api.fastly.com/service/SERVICE-ID?key=API-TOKEN
//! fn main() -> Result<(), fanout::publish::PublishError> {
//!     fanout::publish(Channel::from_static("news"), "hello")
//! }
//! ```
//!
//! It blocks until the proxy has answered. Async code calls it as it calls everything that blocks, in tokio
//! `spawn_blocking(move || fanout::publish(channel, text)).await`. A program with an HTTP client of its own, async or
//! not, takes the requests from [`Target::requests`], sends them, and shows the answers to [`Target::accepted`].
//!
//! Endpoints in a library crate name their channels for such a program too: `publish(app::scores::channel("red"), …)`. Give the
//! program a crate of its own: one that has both it and the app does not link on the host.
//!
//! `cargo xtask publish CHANNEL TEXT` in this crate's repository is a command-line tool of this kind.
//!
//! # To a Pushpin of your own, or to several proxies
//!
//! A `GRIP_URL` may lead anywhere, and there may be several with white space between them: everything goes to all of
//! them. With `verify-iss` and `verify-key` it says too how that proxy signs its requests, so that one URL works in
//! both directions: [`Target::trusted_by`], which lists the forms of a key. A public key is never taken for a secret, however
//! it is written.
//!
//! # What is promised
//!
//! `Ok` means that the proxy has accepted the items, and nothing more. It does not know who listens, and that nobody
//! does is no error. In detail:
//!
//! - **Order**: what one call publishes through a Pushpin arrives in this order, and before what a later call
//!   publishes. Calls at the same time, and from several machines, have no order, and Fastly says nothing about its own:
//!   [`Item::prev_id`] gives them one.
//! - **At most once**: who is not connected at that moment misses it. A long poll misses what comes between two polls.
//!   Clients that must not miss anything need `id` and `prev_id`, and an endpoint that can say what came in between.
//! - **Again after an error**: a request may have arrived though its answer did not. Give items an [`id`](Item::id)
//!   where nobody may hear one twice: Pushpin drops an id that it has seen on the channel in the last minute.
//! - **Size**: Fastly takes messages of up to [`Target::MAX_FASTLY_CONTENT`] bytes in each format, and a request to
//!   Pushpin has up to [`Target::MAX_REQUEST`]. What is larger would be lost without a word, so it is an error before
//!   anything is sent. Lists are cut into as many requests as it takes.
//! - **Speed**: Pushpin delivers 2,500 messages a second by default, one for each client that hears it, and drops what
//!   waits behind 25,000.
//! - **Content**: it arrives byte for byte, with one exception. In an event stream, every line break arrives as `\n`.
//!
//! # Errors
//!
//! An error says what to set up: which backend, which secret, which scope of the token. It never shows a token or a key,
//! and can be logged. Whether to try again, [`PublishError::is_transient`] says: after a refused connection, a timeout,
//! 429, or 500 and above, wait a moment, longer each time, and publish the same items again.

#[cfg(all(feature = "publish-http", not(target_family = "wasm")))]
mod client;

use crate::Channel;

#[doc(inline)]
pub use crate::compute::Backend;
#[doc(inline)]
pub use crate::grip::publish::*;
#[doc(no_inline)]
pub use crate::grip::websocket::CloseCode;
#[cfg(all(feature = "publish-http", not(target_family = "wasm")))]
pub use client::HttpClient;

/// Publishes a message to everybody on a channel.
///
/// ```no_run
/// use fanout::Channel;
///
/// let room = Channel::new("room-7")?;
/// fanout::publish(&room, "hello")?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// The [guide](mod@crate::publish) says what a message is, and what has to be set up. On Compute this is
/// [`Publisher::from_secret_store`] with the store `fanout` and the backend `publisher`; elsewhere, with the feature
/// `publish-http`, `Publisher::from_env`. It is made once in a run of the program.
///
/// # Errors
///
/// See [`PublishError`]. That nobody listens is no error.
pub fn publish(channel: impl Into<Channel>, message: impl Into<Message>) -> Result<(), PublishError> {
    publish_all([Item::new(channel, message)])
}

/// Publishes items, of any channels, in this order, with as few requests as possible.
///
/// ```no_run
/// use fanout::Channel;
/// use fanout::publish::Item;
///
/// let scores = [(1, "1 : 0"), (2, "1 : 1")];
/// let items = scores.map(|(id, score)| Item::new(Channel::from_static("score"), score).id(id.to_string()));
/// fanout::publish_all(items)?;
/// # Ok::<(), fanout::publish::PublishError>(())
/// ```
///
/// # Errors
///
/// See [`PublishError`]. A failure says how many items had been accepted before.
pub fn publish_all(items: impl IntoIterator<Item = Item>) -> Result<(), PublishError> {
    with_default(items.into_iter().collect())
}

#[cfg(target_family = "wasm")]
fn with_default(items: Vec<Item>) -> Result<(), PublishError> {
    use std::sync::OnceLock;

    // One request may have many messages of a WebSocket, each of which publishes: the secrets are read once.
    static PUBLISHER: OnceLock<Publisher<Backend>> = OnceLock::new();
    let publisher = match PUBLISHER.get() {
        Some(publisher) => publisher,
        None => {
            let publisher = Publisher::from_secret_store("fanout", "publisher")?;
            PUBLISHER.get_or_init(|| publisher)
        }
    };
    publisher.publish_all(items)
}

#[cfg(all(feature = "publish-http", not(target_family = "wasm")))]
fn with_default(items: Vec<Item>) -> Result<(), PublishError> {
    use std::sync::OnceLock;

    static PUBLISHER: OnceLock<Result<Publisher<HttpClient>, PublishError>> = OnceLock::new();
    PUBLISHER.get_or_init(Publisher::from_env).as_ref().map_err(Clone::clone)?.publish_all(items)
}

#[cfg(not(any(feature = "publish-http", target_family = "wasm")))]
fn with_default(_items: Vec<Item>) -> Result<(), PublishError> {
    let missing = "outside of Compute it needs the feature `publish-http` of the crate `fanout`";
    Err(PublishError::NotConfigured(missing.into()))
}
