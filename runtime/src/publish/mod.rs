//! Publishing.

#[cfg(all(feature = "publish-http", not(target_family = "wasm")))]
mod client;

use crate::Channel;

#[doc(inline)]
pub use crate::compute::Backend;
#[doc(inline)]
pub use crate::grip::publish::*;
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
/// `publish-http`, `Publisher::from_env`, once for the whole program.
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
    Publisher::from_secret_store("fanout", "publisher")?.publish_all(items)
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
