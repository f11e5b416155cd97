//! A history in a key-value store that many publishers share, without I/O: the stored form and the protocol. The store of
//! Compute is in `compute`.
//!
//! Two kinds of keys, for a channel:
//!
//! - **An entry** has a key of its own, with its number. It is only ever *added*, which the store does for one publisher alone, and
//!   never changed. So the entries are the order of the channel, two publishers cannot overwrite each other, and an old read shows
//!   fewer entries, but never other ones. Each key is written once, so a limit of writes to one key does not limit the rate.
//! - **The head** has the kept entries up to some number, so that a reader needs one value for all of them. A publisher writes it
//!   if it has still the generation that it read, and a write that fails costs nothing: readers look for the entries after the head
//!   one by one, until there is none.

mod form;
mod log;
mod store;
#[cfg(test)]
mod tests;

pub(crate) use log::{After, Bounds, Log, LogError};
pub(crate) use store::{Store, StoreError, Value};
