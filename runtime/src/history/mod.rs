//! Histories: streams that miss nothing.
//!
//! A [`History`] keeps what is published to a channel, so that a client that missed entries gets them. The
//! [guide](crate::guide::histories) says how an endpoint uses one, what it promises and what it costs.
//!
//! | type | is |
//! |---|---|
//! | [`History`] | the trait: append, and read after an id |
//! | [`MemoryHistory`] | a history in memory, for tests and local work |
//! | [`KvHistory`] | a history in a KV store of Fastly. It needs the feature `compute` |
//! | [`Entry`], [`Kept`] | what is kept of a message, and the same with its id |
//! | [`EntryId`] | the id of an entry |
//! | [`HistoryError`] | the reason why a history could not append or read |
//! | [`NotPublished`] | the reason why [`History::publish`] did not publish |

mod entry;
mod error;
pub(crate) mod id;
#[cfg(feature = "compute")]
pub(crate) mod kv;
mod memory;
mod outcome;
mod publish;

use crate::grip::Channel;
use crate::publish::{IntoChannel, IntoMessage, Publisher, Transport};

pub use entry::{Entry, InvalidEntry, Kept};
pub use error::HistoryError;
pub use id::{EntryId, InvalidEntryId};
pub use memory::MemoryHistory;
pub use outcome::{Appended, Latest, Missed};
pub use publish::NotPublished;

#[cfg(feature = "compute")]
#[doc(inline)]
pub use crate::compute::KvHistory;

/// The entries that were published to channels, in order, for the clients that missed some.
///
/// One history serves any number of channels. It may drop old entries, and tells ids of dropped entries from ids that it never
/// gave: see [`Missed`].
///
/// A history of your own gives each entry of a channel an id that no other entry of the channel has, also when two
/// publishers append at once, and in the order in which it returns them. The ids of a history that was deleted and made anew
/// must not come back: put a random part in them.
pub trait History {
    /// Appends an entry, which is the newest of its channel then.
    ///
    /// # Errors
    ///
    /// If the history cannot keep it. An entry may be kept in spite of an error, if its store did not answer.
    fn append(&self, channel: &Channel, entry: Entry) -> Result<Appended, HistoryError>;

    /// Returns the entries of a channel after the one with an id, oldest first.
    ///
    /// # Errors
    ///
    /// If the history cannot be read.
    fn after(&self, channel: &Channel, id: &EntryId) -> Result<Missed, HistoryError>;

    /// Returns the newest entries of a channel, at most `count` of them, oldest first, and the id of the newest.
    ///
    /// # Errors
    ///
    /// If the history cannot be read.
    fn latest(&self, channel: &Channel, count: usize) -> Result<Latest, HistoryError>;

    /// Publishes a message: appends it, and publishes it with its id and the id before, as [`publish()`](crate::publish()) does.
    /// Returns the id.
    ///
    /// Publish every message of a channel with a history in this way. One that is published without it has no id, and reaches the
    /// streams of the channel late or not at all.
    ///
    /// ```no_run
    /// use fanout::history::{History, MemoryHistory};
    ///
    /// static GOALS: MemoryHistory = MemoryHistory::new(100);
    ///
    /// let id = GOALS.publish(fanout::Channel::from_static("goals"), "1 : 0")?;
    /// # Ok::<(), fanout::history::NotPublished>(())
    /// ```
    ///
    /// Event streams get `id: …` with the event, and long polls get the header `Last-Event-ID`. Several publishers can publish to
    /// the channel at once: the proxy puts their messages in the order of the history.
    ///
    /// # Errors
    ///
    /// See [`NotPublished`]. After [`NotPublished::Kept`] the message is in the history, and after [`NotPublished::History`] it may be.
    fn publish(&self, channel: impl IntoChannel, message: impl IntoMessage) -> Result<EntryId, NotPublished>
    where
        Self: Sized,
    {
        let append = |channel: &Channel, entry| self.append(channel, entry);
        publish::publish_by_default(&append, channel.into_channel(), message.into_message())
    }

    /// Publishes a message as [`publish`](Self::publish) does, with a publisher of your own.
    ///
    /// # Errors
    ///
    /// See [`NotPublished`].
    fn publish_with(
        &self,
        publisher: &Publisher<impl Transport>,
        channel: impl IntoChannel,
        message: impl IntoMessage,
    ) -> Result<EntryId, NotPublished>
    where
        Self: Sized,
    {
        let append = |channel: &Channel, entry| self.append(channel, entry);
        publish::publish(&append, publisher, channel.into_channel(), message.into_message())
    }
}

macro_rules! by_pointer {
    ($($pointer:ty),*) => {$(
        impl<H: History + ?Sized> History for $pointer {
            fn append(&self, channel: &Channel, entry: Entry) -> Result<Appended, HistoryError> {
                (**self).append(channel, entry)
            }

            fn after(&self, channel: &Channel, id: &EntryId) -> Result<Missed, HistoryError> {
                (**self).after(channel, id)
            }

            fn latest(&self, channel: &Channel, count: usize) -> Result<Latest, HistoryError> {
                (**self).latest(channel, count)
            }
        }
    )*};
}

by_pointer!(&H, Box<H>, std::rc::Rc<H>, std::sync::Arc<H>);

#[cfg(test)]
mod tests;
