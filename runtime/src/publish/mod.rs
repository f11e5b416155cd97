//! Publishing items to channels.
//!
//! A single call reaches the SSE, stream, long-poll and WebSocket clients of a channel:
//!
//! ```no_run
//! use fanout::Channel;
//! use fanout::publish::Message;
//! use fanout::websocket::CloseCode;
//!
//! const SCORE: Channel = Channel::from_static("score");
//!
//! fanout::publish(SCORE, "1 : 0")?;
//! fanout::publish(SCORE, Message::close(CloseCode::NORMAL, "the match is over"))?;
//! # Ok::<(), fanout::publish::PublishError>(())
//! ```
//!
//! The [guide](crate::guide::publishing) says how to set up publishing on Compute, on a server and on your machine, and what
//! delivery guarantees there are.
//!
//! | type | is |
//! |---|---|
//! | [`Message`] | the content, in a format for each kind of client |
//! | [`Item`] | a message for one channel, with its ids and values for filters |
//! | [`publish()`], [`publish_all`] | publish with the default publisher |
//! | [`Publisher`] | publishes to one or more proxies |
//! | [`Target`] | the address and the key of a proxy |
//! | [`Transport`] | the HTTP client of a publisher: [`Backend`] on Compute with the feature `compute`, `HttpClient` elsewhere with `publish-http` |
//! | [`PublishError`] | the reason why something was not published |

mod content;
mod credentials;
mod error;
mod formats;
mod grip_url;
mod invalid_item;
mod invalid_target;
mod item;
mod item_json;
mod keepable;
mod message;
mod published;
mod publisher;
mod secret;
#[cfg(feature = "sig")]
pub(crate) mod signing;
#[cfg(not(feature = "sig"))]
#[path = "signing_without_sig.rs"]
mod signing;
mod target;
#[cfg(test)]
mod tests;
mod transport;

pub use content::Content;
pub use error::{Failure, FailureReason, PublishError, TransportError};
pub use formats::{HttpResponse, HttpStream, WsMessage};
pub use invalid_item::InvalidItem;
pub use invalid_target::InvalidTarget;
pub use item::Item;
pub(crate) use keepable::{Framing, KeepableResponse, LAST_EVENT_ID, NotKeepable};
pub use message::Message;
pub use published::{IntoChannel, IntoMessage};
pub use publisher::Publisher;
pub(crate) use publisher::Publishes;
pub use target::Target;
#[cfg(all(feature = "publish-http", not(target_family = "wasm")))]
pub use transport::HttpClient;
#[cfg(feature = "compute")]
pub(crate) use transport::MAX_RESPONSE;
pub use transport::Transport;
#[cfg(feature = "testing")]
pub(crate) use transport::stand_in;

#[cfg(feature = "compute")]
pub use crate::compute::Backend;

/// Publishes a message to the clients of a channel.
///
/// ```no_run
/// use fanout::Channel;
///
/// let room = Channel::new("room-7")?;
/// fanout::publish(&room, "hello")?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// The [guide](crate::guide::publishing) lists what to set up. On Compute, this function uses
/// [`Publisher::from_secret_store`] with the store `fanout` and the backend `publisher`. Elsewhere, with the feature
/// `publish-http`, it uses `Publisher::from_env`. The publisher is made once in a run of the program.
///
/// # Errors
///
/// See [`PublishError`]. A channel without clients is not an error.
pub fn publish(channel: impl IntoChannel, message: impl IntoMessage) -> Result<(), PublishError> {
    publish_all([Item::new(channel, message)])
}

/// Publishes items of any channels, in this order, in as few requests as possible.
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
/// See [`PublishError`]. A failure has the number of items that were accepted before.
pub fn publish_all(items: impl IntoIterator<Item = Item>) -> Result<(), PublishError> {
    let items: Vec<_> = items.into_iter().collect();
    let mut outcome = Ok(());
    with_default(&mut |publisher| outcome = publisher.publish_items(&items))?;
    outcome
}

/// Calls a function with the default publisher.
///
/// # Errors
///
/// If there is none. The function is not called then.
pub(crate) fn with_default(run: &mut dyn FnMut(&dyn Publishes)) -> Result<(), PublishError> {
    #[cfg(feature = "testing")]
    if stand_in::is_set() {
        run(&stand_in::publisher(stand_in::StandIn));
        return Ok(());
    }
    with_configured(run)
}

#[cfg(all(feature = "compute", target_family = "wasm"))]
fn with_configured(run: &mut dyn FnMut(&dyn Publishes)) -> Result<(), PublishError> {
    use std::sync::OnceLock;

    // The handlers of many messages in one request may publish. The secrets are read once.
    static PUBLISHER: OnceLock<Publisher<Backend>> = OnceLock::new();
    let publisher = match PUBLISHER.get() {
        Some(publisher) => publisher,
        None => {
            let publisher = Publisher::from_secret_store("fanout", "publisher")?;
            PUBLISHER.get_or_init(|| publisher)
        }
    };
    run(publisher);
    Ok(())
}

#[cfg(all(feature = "publish-http", not(target_family = "wasm")))]
fn with_configured(run: &mut dyn FnMut(&dyn Publishes)) -> Result<(), PublishError> {
    use std::sync::OnceLock;

    static PUBLISHER: OnceLock<Result<Publisher<HttpClient>, PublishError>> = OnceLock::new();
    run(PUBLISHER.get_or_init(Publisher::from_env).as_ref().map_err(Clone::clone)?);
    Ok(())
}

#[cfg(not(any(
    all(feature = "compute", target_family = "wasm"),
    all(feature = "publish-http", not(target_family = "wasm"))
)))]
fn with_configured(_: &mut dyn FnMut(&dyn Publishes)) -> Result<(), PublishError> {
    let feature = if cfg!(target_family = "wasm") {
        "on Compute, enable the feature `compute`"
    } else {
        "outside of Compute, enable the feature `publish-http`"
    };
    let in_a_test = if cfg!(feature = "testing") {
        "; in a test, publish with `fanout::testing::App::publish`, or in a handler of the app"
    } else {
        ""
    };
    Err(PublishError::NotConfigured(format!("{feature} of the crate `fanout`{in_a_test}")))
}
