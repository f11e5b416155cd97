use std::error::Error;
use std::fmt;

use http::HeaderValue;

use super::{Appended, Entry, EntryId, HistoryError, InvalidEntry};
use crate::grip::{Channel, JsonError};
use crate::publish::{self, Item, Message, PublishError, Publishes};

/// Appends to a history: [`History::append`](super::History::append) of one.
pub(super) type Append<'h> = &'h dyn Fn(&Channel, Entry) -> Result<Appended, HistoryError>;

/// Appends an entry for a message, and publishes it with the ids.
pub(super) fn publish(
    append: Append<'_>,
    publisher: &dyn Publishes,
    channel: Channel,
    message: Message,
) -> Result<EntryId, NotPublished> {
    let entry = Entry::of(&message)?;
    // An entry that cannot be published would stay in the history, and each recovery would send it.
    let longest = EntryId::longest();
    let sample = item(&channel, message.clone(), &entry, &longest, &longest);
    publisher.check(&[sample]).map_err(NotPublished::Invalid)?;
    let appended = append(&channel, entry.clone())?;
    let item = item(&channel, message, &entry, &appended.id, &appended.prev_id);
    match publisher.publish_items(&[item]) {
        Ok(()) => Ok(appended.id),
        Err(error) => Err(NotPublished::Kept { id: appended.id, error }),
    }
}

/// As [`publish`], with the default publisher.
pub(super) fn publish_by_default(
    append: Append<'_>,
    channel: Channel,
    message: Message,
) -> Result<EntryId, NotPublished> {
    let mut outcome = None;
    publish::with_default(&mut |publisher| {
        outcome = Some(publish(append, publisher, channel.clone(), message.clone()));
    })
    .map_err(NotPublished::Invalid)?;
    outcome.expect("the function has run")
}

fn item(channel: &Channel, message: Message, entry: &Entry, id: &EntryId, prev_id: &EntryId) -> Item {
    let header = HeaderValue::from_str(id.as_str()).expect("an id is visible ASCII");
    let message = message.with_id(&header, entry.for_streams(id));
    Item::new(channel, message).id(id.as_str()).prev_id(prev_id.as_str())
}

/// The reason why [`History::publish`](super::History::publish) did not publish a message.
///
/// As the `Err` of a handler, it is a 500, 502 or 503, and the log has a line. [`Kept`](Self::Kept) is a 202, because the entry
/// will reach its clients, and a client that sent the request again would publish it twice. As the `Err` of a WebSocket's handler,
/// each of them closes the connection with 1011, also `Kept`: match it if the client would send the message again.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotPublished {
    /// The message cannot be kept. Nothing was kept or published.
    InvalidEntry(InvalidEntry),
    /// The message cannot be made or published, or publishing is not set up. Nothing was kept or published.
    Invalid(PublishError),
    /// The history failed, and nothing was published. The entry may be kept in spite of the error, if the history's store did not answer:
    /// then clients get it with the next one, and a message that is published again is another entry.
    History(HistoryError),
    /// The entry is in the history, and a proxy has not accepted it. Clients get it in a recovery: with the next entry of the
    /// channel, or when their stream was quiet for the time of `next_after`. Do not publish the message again, as it would be
    /// another entry.
    Kept {
        /// The id of the entry.
        id: EntryId,
        /// The reason why it was not published.
        error: PublishError,
    },
}

impl NotPublished {
    /// Returns the id of the entry, if it was kept.
    pub fn kept(&self) -> Option<&EntryId> {
        match self {
            Self::Kept { id, .. } => Some(id),
            _ => None,
        }
    }
}

impl fmt::Display for NotPublished {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidEntry(reason) => reason.fmt(f),
            Self::Invalid(error) => error.fmt(f),
            Self::History(error) => write!(f, "the history failed: {error}"),
            Self::Kept { id, error } => write!(
                f,
                "the entry {id} is kept, and was not published: {error}; do not publish it again, since clients get it in \
                 a recovery"
            ),
        }
    }
}

impl Error for NotPublished {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::InvalidEntry(reason) => Some(reason),
            Self::Invalid(error) | Self::Kept { error, .. } => Some(error),
            Self::History(error) => Some(error),
        }
    }
}

impl From<InvalidEntry> for NotPublished {
    fn from(reason: InvalidEntry) -> Self {
        Self::InvalidEntry(reason)
    }
}

impl From<JsonError> for NotPublished {
    fn from(error: JsonError) -> Self {
        Self::Invalid(error.into())
    }
}

impl From<HistoryError> for NotPublished {
    fn from(error: HistoryError) -> Self {
        Self::History(error)
    }
}
