//! The stored form: JSON with a version.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// The version of the form. A value with another one is not read.
const VERSION: u32 = 1;

/// The limit of an epoch and of a tag, in bytes.
const MAX_PART: usize = 12;

/// An entry with its place in the channel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Record<E> {
    pub(crate) mark: Mark,
    /// Milliseconds since 1970.
    pub(crate) at: u64,
    pub(crate) entry: E,
}

/// The place of an entry. The tag is random: if a number is used again, because everything after an old head has expired, the two
/// entries have different ids.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Mark {
    pub(crate) number: u64,
    pub(crate) tag: String,
}

/// The value of the head. What is written borrows its records.
#[derive(Serialize, Deserialize)]
pub(super) struct Head<R> {
    fanout_history: u32,
    pub(super) epoch: String,
    /// The place before the first record.
    pub(super) before: Mark,
    /// The kept entries, oldest first, without a gap.
    pub(super) records: R,
}

/// The value of an entry's key. What is written borrows its record.
#[derive(Serialize, Deserialize)]
pub(super) struct Slot<R> {
    fanout_history: u32,
    pub(super) record: R,
}

impl<R> Head<R> {
    pub(super) fn new(epoch: String, before: Mark, records: R) -> Self {
        Self { fanout_history: VERSION, epoch, before, records }
    }
}

impl<R> Slot<R> {
    pub(super) fn new(record: R) -> Self {
        Self { fanout_history: VERSION, record }
    }
}

/// The version of a value of any version.
#[derive(Deserialize)]
struct Versioned {
    fanout_history: u32,
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    match serde_json::from_slice(bytes).map_err(|error| error.to_string()) {
        Ok(Versioned { fanout_history: VERSION }) => {
            serde_json::from_slice(bytes).map_err(|error| format!("it is damaged: {error}"))
        }
        Ok(Versioned { fanout_history }) => {
            Err(format!("it has the version {fanout_history}, and this app reads version {VERSION}"))
        }
        Err(error) => Err(format!("it is no history: {error}")),
    }
}

pub(super) fn parse_head<E: DeserializeOwned>(bytes: &[u8]) -> Result<Head<Vec<Record<E>>>, String> {
    let head: Head<Vec<Record<E>>> = parse(bytes)?;
    let numbers = head.records.iter().map(|record| record.mark.number);
    if numbers.ne((1..).map(|index| head.before.number.saturating_add(index)).take(head.records.len())) {
        return Err("it is damaged: its entries are not numbered one after the other".to_owned());
    }
    let tags = head.records.iter().map(|record| &record.mark.tag);
    for part in tags.chain([&head.before.tag, &head.epoch]) {
        check_part(part)?;
    }
    Ok(head)
}

/// Checks a part of an id.
fn check_part(part: &str) -> Result<(), String> {
    if part.len() <= MAX_PART && part.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        Ok(())
    } else {
        Err(format!("it is damaged: {part:?} is no part of an id"))
    }
}

pub(super) fn parse_slot<E: DeserializeOwned>(bytes: &[u8], number: u64) -> Result<Record<E>, String> {
    let Slot { record, .. } = parse::<Slot<Record<E>>>(bytes)?;
    check_part(&record.mark.tag)?;
    match record.mark.number {
        own if own == number => Ok(record),
        own => Err(format!("it is damaged: it has the number {own}")),
    }
}
