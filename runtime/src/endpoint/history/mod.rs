//! Endpoints with a history: the entries that a client missed, in its stream or its poll.

mod from_history;
mod result;

pub use from_history::{from_history, own_link};
pub use result::{HistoryResult, LastingHistory};
