use super::{EntryId, Kept};

/// The ids of an entry that was appended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appended {
    /// The id of the entry.
    pub id: EntryId,
    /// The id of the entry before it, or [`EntryId::before_first`].
    pub prev_id: EntryId,
}

/// The entries that a client missed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missed {
    /// All entries after the id, oldest first. There are none if the id is that of the newest entry. An id that
    /// the history cannot find is [`Unknown`](Self::Unknown), also if it looks newer.
    Entries(Vec<Kept>),
    /// An entry after the id was dropped, because it was too old or there were too many.
    Expired,
    /// The history of this channel never gave the id, or it was deleted since.
    Unknown,
}

/// The newest entries of a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Latest {
    /// The entries, oldest first.
    pub entries: Vec<Kept>,
    /// The id of the newest entry, also if it is no longer kept, or [`EntryId::before_first`].
    pub newest: EntryId,
}
