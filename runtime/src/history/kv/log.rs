//! The protocol.

use std::fmt;
use std::time::Duration;

use base64ct::{Base64UrlUnpadded, Encoding as _};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};

use super::form::{Head, Mark, Record, Slot, parse_head, parse_slot};
use super::{Store, StoreError};

/// The limit of a key in Fastly's KV store, in bytes.
const MAX_KEY: usize = 1_024;

/// The bytes of a key after the channel: the epoch and the number.
const KEY_TAIL: usize = 1 + 12 + 1 + 20;

/// The limit of attempts to append. In each round at least one publisher appends, so as many can publish at once. The limit also
/// ends the wait for a store that shows old values, or that limits its requests: after about 5 seconds.
pub(crate) const ATTEMPTS: u32 = 40;

/// Attempts after which a publisher waits before the next one.
const WITHOUT_WAIT: u32 = 3;

/// The limit of one wait, in milliseconds. The waits of all attempts are half of it on average.
const WAIT: u64 = 250;

/// The limit of reads that show fewer entries than a client has seen.
const READS_BEHIND: u32 = 5;

/// The limit of entries that are read at once.
const READ_AHEAD: u64 = 16;

/// The number of entries that the head may lack before a reader writes it.
const BEHIND: u64 = 8;

/// The time for which an entry's key outlives the entry. The head may lack it until then.
const SLACK: Duration = Duration::from_secs(60 * 60);

/// The time for which the head outlives the newest entry. Then the ids of the channel are unknown.
const HEAD_SLACK: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// All bytes of a channel's name except these are percent-encoded, so that `.` separates the parts of a key.
const KEY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_');

/// The limits of what is kept.
#[derive(Clone, Debug)]
pub(crate) struct Bounds {
    pub(crate) count: usize,
    pub(crate) age: Duration,
    /// Of all entries together, as JSON.
    pub(crate) bytes: usize,
}

/// The reason why a log cannot be read or appended to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum LogError {
    /// The prefix is too long for a key.
    LongPrefix,
    /// The entry alone is over the limit of bytes.
    Large(usize),
    /// Other publishers were first in all [`ATTEMPTS`].
    Busy,
    /// A value is not one of a history.
    Foreign { key: String, head: String, reason: String },
    /// The store limits its requests.
    Limited,
    /// The store failed.
    Failed { reason: String, is_transient: bool },
}

impl LogError {
    /// Returns `true` if the same call may succeed later.
    pub(crate) fn is_transient(&self) -> bool {
        match self {
            Self::LongPrefix | Self::Large(_) | Self::Foreign { .. } => false,
            Self::Busy | Self::Limited => true,
            Self::Failed { is_transient, .. } => *is_transient,
        }
    }
}

impl fmt::Display for LogError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LongPrefix => {
                write!(f, "the prefix is too long: a key would have more than {MAX_KEY} bytes")
            }
            Self::Large(bytes) => write!(
                f,
                "the entry has {bytes} bytes as JSON, more than the history keeps of all entries: raise `max_bytes`"
            ),
            Self::Busy => write!(
                f,
                "the entry was not kept in {ATTEMPTS} attempts, because too many publish to this channel at once: publish it \
                 again later"
            ),
            Self::Foreign { key, head, reason } => write!(
                f,
                "the value of the key `{key}` cannot be read ({reason}): correct it, or delete the key `{head}`, and the \
                 history of this channel starts anew"
            ),
            Self::Limited => f.write_str("it limits its requests: try again later, and less often"),
            Self::Failed { reason, .. } => f.write_str(reason),
        }
    }
}

impl From<StoreError> for LogError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy => Self::Limited,
            StoreError::Failed { reason, is_transient } => Self::Failed { reason, is_transient },
        }
    }
}

/// The history of one channel.
pub(crate) struct Log<'s, S> {
    store: &'s S,
    bounds: &'s Bounds,
    head: String,
}

/// The entries after an id.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum After<E> {
    /// All of them with their ids, oldest first.
    Entries(Vec<(String, E)>),
    /// One of them was dropped.
    Expired,
    /// The log never gave the id.
    Unknown,
}

/// The entries of a log, as they were read.
#[derive(Clone, Debug)]
pub(crate) struct Snapshot<E> {
    epoch: String,
    /// The place before the first record.
    before: Mark,
    /// Oldest first, without a gap.
    records: Vec<Record<E>>,
    /// The generation of the head, and the number of its newest entry.
    head: (u64, u64),
    /// The time of the oldest entry that has not expired, in milliseconds since 1970.
    oldest: u64,
}

impl<E> Snapshot<E> {
    fn newest(&self) -> &Mark {
        self.records.last().map_or(&self.before, |record| &record.mark)
    }

    fn id(&self, mark: &Mark) -> String {
        match mark {
            Mark { number: 0, .. } => "0".to_owned(),
            Mark { number, tag } => format!("{}-{number}-{tag}", self.epoch),
        }
    }

    /// Returns the id of the newest entry.
    pub(crate) fn newest_id(&self) -> String {
        self.id(self.newest())
    }

    /// Returns the kept entries with their ids, oldest first.
    pub(crate) fn entries(self) -> Vec<(String, E)> {
        let ids: Vec<_> = self.records.iter().map(|record| self.id(&record.mark)).collect();
        // A record that was expired when its number was used again may be between newer ones.
        let is_kept = |(_, record): &(String, Record<E>)| record.at >= self.oldest;
        let kept = ids.into_iter().zip(self.records).filter(is_kept);
        kept.map(|(id, record)| (id, record.entry)).collect()
    }

    /// Returns the number of an id, if it is of this epoch.
    fn number(&self, id: &str) -> Option<u64> {
        if id == "0" {
            return Some(0);
        }
        let (number, _) = id.strip_prefix(&self.epoch)?.strip_prefix('-')?.split_once('-')?;
        number.parse().ok()
    }

    /// Returns `true` if the id is of an entry after all of these.
    fn is_behind(&self, id: &str) -> bool {
        self.number(id).is_some_and(|number| number > self.newest().number)
    }

    fn after(mut self, id: &str) -> After<E> {
        let Some(after) = self.number(id).and_then(|number| self.newest().number.checked_sub(number)) else {
            return After::Unknown;
        };
        let after = usize::try_from(after).unwrap_or(usize::MAX);
        let Some(first) = self.records.len().checked_sub(after) else { return After::Expired };
        let last = first.checked_sub(1).map_or(&self.before, |index| &self.records[index].mark);
        if self.id(last) != id {
            return After::Unknown;
        }
        self.records.drain(..first);
        After::Entries(self.entries())
    }
}

impl<E: Serialize> Snapshot<E> {
    /// The head that has these entries.
    fn as_head(&self) -> Head<&[Record<E>]> {
        Head::new(self.epoch.clone(), self.before.clone(), &self.records)
    }

    /// Drops what is over a limit.
    fn trim(&mut self, bounds: &Bounds, now: u64) {
        self.oldest = now.saturating_sub(u64::try_from(bounds.age.as_millis()).unwrap_or(u64::MAX));
        let over = self.records.len().saturating_sub(bounds.count);
        let expired = self.records.iter().take_while(|record| record.at < self.oldest).count();
        let mut bytes = 0;
        let fit = self.records.iter().rev().take_while(|record| {
            bytes += size(record);
            bytes <= bounds.bytes
        });
        let first = over.max(expired).max(self.records.len() - fit.count());
        if let Some(last) = first.checked_sub(1) {
            self.before = self.records.drain(..first).nth(last).map(|record| record.mark).unwrap_or_default();
        }
    }
}

impl<'s, S: Store> Log<'s, S> {
    /// # Errors
    ///
    /// If the prefix is too long for a key.
    pub(crate) fn new(
        store: &'s S,
        bounds: &'s Bounds,
        prefix: &str,
        channel: &str,
    ) -> Result<Self, LogError> {
        let fits = |head: &String| head.len() + KEY_TAIL <= MAX_KEY;
        let by_name = Some(format!("{prefix}{}", utf8_percent_encode(channel, KEY))).filter(fits);
        // No name has a `%` before an `s`.
        let by_digest =
            || format!("{prefix}%sha256-{}", Base64UrlUnpadded::encode_string(&Sha256::digest(channel)));
        let head = by_name.or_else(|| Some(by_digest()).filter(fits)).ok_or(LogError::LongPrefix)?;
        Ok(Self { store, bounds, head })
    }

    /// Returns the key of the head.
    pub(crate) fn key(&self) -> &str {
        &self.head
    }

    fn slot(&self, epoch: &str, number: u64) -> String {
        format!("{}.{epoch}.{number}", self.head)
    }

    fn foreign(&self, key: &str, reason: String) -> LogError {
        LogError::Foreign { key: key.to_owned(), head: self.head.clone(), reason }
    }

    /// Reads the head.
    fn read_head<E: DeserializeOwned>(&self) -> Result<Option<Snapshot<E>>, LogError> {
        let Some(value) = self.store.read(std::slice::from_ref(&self.head))?.pop().flatten() else {
            return Ok(None);
        };
        let Head { epoch, before, records, .. } =
            parse_head(&value.bytes).map_err(|reason| self.foreign(&self.head, reason))?;
        let mut snapshot = Snapshot { epoch, before, records, head: (value.generation, 0), oldest: 0 };
        snapshot.head.1 = snapshot.newest().number;
        Ok(Some(snapshot))
    }

    /// Reads the entries after a snapshot, until there is none.
    fn read_on<E: DeserializeOwned>(&self, snapshot: &mut Snapshot<E>) -> Result<(), LogError> {
        let mut ahead = 1;
        loop {
            let next = snapshot.newest().number + 1;
            let keys: Vec<_> =
                (next..next + ahead).map(|number| self.slot(&snapshot.epoch, number)).collect();
            for ((value, key), number) in self.store.read(&keys)?.into_iter().zip(&keys).zip(next..) {
                let Some(value) = value else { return Ok(()) };
                let record = parse_slot(&value.bytes, number).map_err(|reason| self.foreign(key, reason))?;
                snapshot.records.push(record);
            }
            ahead = READ_AHEAD.min(2 * ahead);
        }
    }

    /// Reads the log, or `None` if nothing was ever appended.
    pub(crate) fn read<E: Serialize + DeserializeOwned>(&self) -> Result<Option<Snapshot<E>>, LogError> {
        let Some(mut snapshot) = self.read_head()? else { return Ok(None) };
        self.read_on(&mut snapshot)?;
        snapshot.trim(self.bounds, self.store.now());
        if snapshot.newest().number >= snapshot.head.1 + BEHIND {
            self.write_head(&snapshot);
        }
        Ok(Some(snapshot))
    }

    /// Returns the entries after an id. If the store shows fewer entries than the id has seen, waits up to a second for the rest.
    pub(crate) fn after<E>(&self, id: &str) -> Result<After<E>, LogError>
    where
        E: Serialize + DeserializeOwned,
    {
        for attempt in 0..READS_BEHIND {
            if attempt > 0 {
                self.store.wait(Duration::from_millis(WAIT));
            }
            match self.read()? {
                Some(snapshot) if snapshot.is_behind(id) => {}
                Some(snapshot) => return Ok(snapshot.after(id)),
                None if id == "0" => return Ok(After::Entries(Vec::new())),
                None => return Ok(After::Unknown),
            }
        }
        Ok(After::Unknown)
    }

    /// Appends an entry, and returns its id and the id before it.
    pub(crate) fn append<E>(&self, entry: E) -> Result<(String, String), LogError>
    where
        E: Clone + Serialize + DeserializeOwned,
    {
        let tag = format!("{:08x}", self.store.random() & 0xffff_ffff);
        let record = |number| {
            let mark = Mark { number, tag: tag.clone() };
            Record { mark, at: self.store.now(), entry: entry.clone() }
        };
        let bytes = size(&record(u64::MAX));
        if bytes > self.bounds.bytes {
            return Err(LogError::Large(bytes));
        }
        let mut known = None;
        let mut last = LogError::Busy;
        for attempt in 0..ATTEMPTS {
            let before = known.as_ref().map(|snapshot: &Snapshot<E>| snapshot.newest().number);
            match self.try_append(&mut known, &record) {
                Ok(Some(ids)) => return Ok(ids),
                Ok(None) => last = LogError::Busy,
                Err(LogError::Limited) => last = LogError::Limited,
                Err(error) => return Err(error),
            }
            let has_changed = before != known.as_ref().map(|snapshot| snapshot.newest().number);
            if attempt >= WITHOUT_WAIT || !has_changed {
                self.store.wait(Duration::from_millis(self.store.random() % WAIT));
                // Others have appended meanwhile.
                match known.as_mut().map(|snapshot| self.read_on(snapshot)) {
                    None | Some(Ok(()) | Err(LogError::Limited)) => {}
                    Some(Err(error)) => return Err(error),
                }
            }
        }
        Err(last)
    }

    /// Tries to add the entry after the known ones. If another publisher was first, reads what it has added.
    fn try_append<E>(
        &self,
        known: &mut Option<Snapshot<E>>,
        record: &impl Fn(u64) -> Record<E>,
    ) -> Result<Option<(String, String)>, LogError>
    where
        E: Serialize + DeserializeOwned,
    {
        if known.is_none() {
            *known = self.read_head()?;
            // The attempt before may have begun the log, if the store has repeated its request, and refused the read behind it.
            if let Some(ids) = known.as_ref().and_then(|snapshot| Self::found(snapshot, &record(1).mark)) {
                return Ok(Some(ids));
            }
        }
        let Some(snapshot) = known else {
            // The first entry needs no key of its own.
            let epoch = format!("{:012x}", self.store.random() & 0xffff_ffff_ffff);
            let records = vec![record(1)];
            let first = Snapshot { epoch, before: Mark::default(), records, head: (0, 1), oldest: 0 };
            let mark = first.newest();
            if self.store.add(&self.head, json(&first.as_head())?, self.head_lifetime())? {
                return Ok(Self::found(&first, mark));
            }
            // It may be our own, if the store has repeated the request.
            *known = self.read_head()?;
            return Ok(known.as_ref().and_then(|snapshot| Self::found(snapshot, mark)));
        };
        let own = record(snapshot.newest().number + 1);
        let mark = own.mark.clone();
        let key = self.slot(&snapshot.epoch, mark.number);
        let lifetime = self.bounds.age.saturating_add(SLACK);
        if self.store.add(&key, json(&Slot::new(&own))?, lifetime)? {
            snapshot.records.push(own);
        } else {
            self.read_on(snapshot)?;
        }
        let found = Self::found(snapshot, &mark);
        if found.is_some() {
            snapshot.trim(self.bounds, self.store.now());
            self.write_head(snapshot);
        }
        Ok(found)
    }

    /// Returns the id of an entry and the id before it, if it is there.
    fn found<E>(snapshot: &Snapshot<E>, mark: &Mark) -> Option<(String, String)> {
        let index = snapshot.records.iter().position(|record| record.mark == *mark)?;
        let before = index.checked_sub(1).map_or(&snapshot.before, |index| &snapshot.records[index].mark);
        Some((snapshot.id(mark), snapshot.id(before)))
    }

    /// Writes the head, if it has still the generation that was read. Without that, readers find the entries by their own keys.
    fn write_head<E: Serialize>(&self, snapshot: &Snapshot<E>) {
        if let Ok(value) = json(&snapshot.as_head()) {
            let _ = self.store.replace(&self.head, value, self.head_lifetime(), snapshot.head.0);
        }
    }

    fn head_lifetime(&self) -> Duration {
        self.bounds.age.saturating_add(HEAD_SLACK)
    }
}

/// The bytes of an entry in the head.
fn size(record: &impl Serialize) -> usize {
    serde_json::to_vec(record).map_or(usize::MAX, |json| json.len())
}

fn json(value: &impl Serialize) -> Result<Vec<u8>, LogError> {
    serde_json::to_vec(value).map_err(|error| LogError::Failed {
        reason: format!("the entry cannot be JSON: {error}"),
        is_transient: false,
    })
}
