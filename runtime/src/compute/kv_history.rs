use std::time::{Duration, SystemTime, UNIX_EPOCH};

use fastly::cache::core::{CacheKey, Transaction};
use fastly::kv_store::{InsertBuilder, InsertMode, KVStore, KVStoreError};

use crate::Channel;
use crate::endpoint::dispatch::environment::is_local;
use crate::grip::IntoText;
use crate::history::kv::{After, Bounds, Log, LogError, Store, StoreError, Value};
use crate::history::{Appended, Entry, EntryId, History, HistoryError, Kept, Latest, Missed};

/// A [history](History) in a KV store of Fastly. It needs the feature `compute`.
///
/// ```no_run
/// use std::time::Duration;
///
/// use fanout::history::KvHistory;
///
/// /// The goals of the last six hours, and at most 200 of a channel.
/// fn goals() -> KvHistory {
///     KvHistory::new("goals").max_entries(200).max_age(Duration::from_secs(6 * 3_600))
/// }
/// ```
///
/// The service needs the KV store. In `fastly.toml`:
///
/// ```toml
/// [local_server.kv_stores]
/// goals = []
///
/// [setup.kv_stores.goals]
/// description = "The goals that a client may have missed"
/// ```
///
/// # What is kept
///
/// | | limits | by default |
/// |---|---|---|
/// | [`max_entries`](Self::max_entries) | the entries of a channel | 100 |
/// | [`max_age`](Self::max_age) | the age of an entry | 24 hours |
/// | [`max_bytes`](Self::max_bytes) | the bytes of a channel's entries, as JSON | 256 KiB |
///
/// The oldest entries are dropped, and the ids before them have [expired](Missed::Expired). The keys expire in the store by themselves:
/// those of entries an hour after `max_age`, and that of a channel 30 days after `max_age`, if nothing was published since. Then its
/// ids are [unknown](Missed::Unknown).
///
/// # Cost
///
/// | | reads | writes |
/// |---|---|---|
/// | a publish | 1 | 2 |
/// | the first publish to a channel | 1 | 1 |
/// | an opening, a recovery | 2 | |
/// | an opening or a recovery with an id that is unknown or has expired | 4 | |
/// | the same with an id that is newer than all that the store shows | up to 12, in a second | |
///
/// An opening or a recovery reads one more value for each entry that the store has refused to write into the channel's list
/// (see below), at most until the next publish. If these are 8 or more, it writes the list. A publish that meets another one of the same channel
/// reads and writes again.
///
/// # Concurrent publishers
///
/// Any number of machines can publish at once: no entry is lost, and all agree on the order. Each entry is a key of its own, with the
/// next number of the channel, and is written in the mode *add*, which the store does for one of them. A value that lists the entries is
/// written too, if no other publisher has written it since it was read. An entry is also found without it.
///
/// - No key is written twice for an entry. So a limit of writes to one key, such as one write per second, does not limit the
///   rate of a channel: it leaves entries out of the list for a while, which costs reads. What limits the rate is that publishers of one
///   channel write one after the other, each in the time that a write takes. Fastly publishes no limit for a channel, so measure yours.
/// - The store is eventually consistent: a read may show fewer entries than were written, but never others. The client then gets
///   the rest by a recovery. If the store shows an entry that the client has already seen only after a second, the client gets a `reset`.
/// - An append is tried 40 times, in about 5 seconds, also if the store limits its requests. If all fail, the error is
///   [transient](HistoryError::is_transient), and nothing is kept or published.
/// - If the store does not answer, the entry may be kept in spite of the error. It is not published then, and clients get it with the next one.
/// - A value that is not of a history, or is damaged, is an error that names the store and the key. It is not overwritten.
///
/// Viceroy compares and writes in two steps, so that two publishers at once could add the same key. There, `KvHistory` makes
/// the publishers of a channel take turns, through Viceroy's cache. Viceroy's store is empty at each start, so all ids are unknown then.
///
/// # Tests
///
/// There is no KV store on the host: give the endpoint a [`MemoryHistory`](crate::history::MemoryHistory) there, by
/// `#[cfg(target_family = "wasm")]`.
#[derive(Clone, Debug)]
#[must_use]
pub struct KvHistory {
    store: String,
    prefix: String,
    bounds: Bounds,
}

impl KvHistory {
    /// Makes a history in the KV store of this name.
    pub fn new(store: impl IntoText) -> Self {
        let bounds = Bounds { count: 100, age: Duration::from_secs(24 * 60 * 60), bytes: 256 * 1_024 };
        Self { store: store.into(), prefix: "history.".to_owned(), bounds }
    }

    /// Sets the limit of entries that are kept of a channel, from 1. By default it is 100.
    pub fn max_entries(mut self, count: usize) -> Self {
        self.bounds.count = count.max(1);
        self
    }

    /// Sets the age at which an entry is dropped. By default it is 24 hours. With [`Duration::MAX`], no entry is dropped for its age.
    pub fn max_age(mut self, age: Duration) -> Self {
        self.bounds.age = age;
        self
    }

    /// Sets the limit of the bytes that are kept of a channel, as JSON. By default it is 262,144. An entry that is larger alone is
    /// refused. Each opening and each recovery reads as many, and Fastly stores at most 25 MB in a value.
    pub fn max_bytes(mut self, bytes: usize) -> Self {
        self.bounds.bytes = bytes;
        self
    }

    /// Sets the start of each key. By default it is `history.`. Two histories in one store need two prefixes if they serve the
    /// same channel, of which neither begins with the other.
    pub fn prefix(mut self, prefix: impl IntoText) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// Runs `call` with the log of a channel.
    fn with_log<T>(
        &self,
        channel: &Channel,
        call: impl FnOnce(&Log<'_, OnCompute>) -> Result<T, LogError>,
    ) -> Result<T, HistoryError> {
        // Constant, so that no hostcall is linked into other programs.
        if cfg!(not(target_family = "wasm")) {
            return Err(HistoryError::permanent(ON_COMPUTE));
        }
        let name = &self.store;
        let store = match KVStore::open(name) {
            Ok(Some(store)) => OnCompute(store),
            Ok(None) | Err(KVStoreError::StoreNotFound(_)) => {
                return Err(HistoryError::permanent(format!(
                    "the service has no KV store `{name}`: make one and link it to the service; in fastly.toml it is \
                     [local_server.kv_stores] with `{name} = []`, and [setup.kv_stores.{name}]"
                )));
            }
            Err(error) => {
                return Err(HistoryError::transient(format!(
                    "the KV store `{name}` cannot be opened ({error})"
                )));
            }
        };
        let described = |error: LogError| {
            let message = format!("the KV store `{name}`, channel `{}`: {error}", channel.as_str());
            if error.is_transient() {
                HistoryError::transient(message)
            } else {
                HistoryError::permanent(message)
            }
        };
        let log = Log::new(&store, &self.bounds, &self.prefix, channel.as_str()).map_err(described)?;
        call(&log).map_err(described)
    }
}

/// The reason why a KV store does not work on other targets, where hostcalls do not link.
const ON_COMPUTE: &str = "KV stores exist on Compute only: in a test, give the endpoint a `MemoryHistory`";

impl History for KvHistory {
    fn append(&self, channel: &Channel, entry: Entry) -> Result<Appended, HistoryError> {
        let (id, prev_id) = self.with_log(channel, |log| {
            let _turn = is_local().then(|| Turn::wait_for(log.key()));
            log.append(entry)
        })?;
        Ok(Appended { id: own(id), prev_id: own(prev_id) })
    }

    fn after(&self, channel: &Channel, id: &EntryId) -> Result<Missed, HistoryError> {
        Ok(match self.with_log(channel, |log| log.after(id.as_str()))? {
            After::Entries(entries) => Missed::Entries(kept(entries)),
            After::Expired => Missed::Expired,
            After::Unknown => Missed::Unknown,
        })
    }

    fn latest(&self, channel: &Channel, count: usize) -> Result<Latest, HistoryError> {
        let Some(snapshot) = self.with_log(channel, |log| log.read())? else {
            return Ok(Latest { entries: Vec::new(), newest: EntryId::before_first() });
        };
        let newest = own(snapshot.newest_id());
        let mut entries = kept(snapshot.entries());
        entries.drain(..entries.len().saturating_sub(count));
        Ok(Latest { entries, newest })
    }
}

fn kept(entries: Vec<(String, Entry)>) -> Vec<Kept> {
    entries.into_iter().map(|(id, entry)| Kept::new(own(id), entry)).collect()
}

fn own(id: String) -> EntryId {
    EntryId::new(id).expect("the epoch and the tag of an id are checked when they are read")
}

struct OnCompute(KVStore);

impl From<KVStoreError> for StoreError {
    fn from(error: KVStoreError) -> Self {
        let is_transient = match error {
            KVStoreError::TooManyRequests => return Self::Busy,
            KVStoreError::InvalidKey
            | KVStoreError::InvalidStoreOptions
            | KVStoreError::ItemBadRequest
            | KVStoreError::ItemPayloadTooLarge => false,
            _ => true,
        };
        Self::Failed { reason: error.to_string(), is_transient }
    }
}

/// Returns `false` if the condition of a write does not hold.
fn written(result: Result<(), KVStoreError>) -> Result<bool, StoreError> {
    match result {
        Ok(()) => Ok(true),
        Err(KVStoreError::ItemPreconditionFailed) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Sets the lifetime of a key. One of more seconds than the SDK can say, which would make it 0, is for ever.
fn expiring(insert: InsertBuilder<'_>, lifetime: Duration) -> InsertBuilder<'_> {
    if u32::try_from(lifetime.as_secs()).is_ok() { insert.time_to_live(lifetime) } else { insert }
}

impl Store for OnCompute {
    fn read(&self, keys: &[String]) -> Result<Vec<Option<Value>>, StoreError> {
        let pending = keys.iter().map(|key| self.0.build_lookup().execute_async(key));
        let pending: Vec<_> = pending.collect::<Result<_, _>>()?;
        let values = pending.into_iter().map(|pending| match self.0.pending_lookup_wait(pending) {
            Ok(mut found) => {
                let generation = found.current_generation();
                Ok(Some(Value { bytes: found.take_body_bytes(), generation }))
            }
            Err(KVStoreError::ItemNotFound) => Ok(None),
            Err(error) => Err(error.into()),
        });
        values.collect()
    }

    fn add(&self, key: &str, value: Vec<u8>, lifetime: Duration) -> Result<bool, StoreError> {
        written(expiring(self.0.build_insert().mode(InsertMode::Add), lifetime).execute(key, value))
    }

    fn replace(
        &self,
        key: &str,
        value: Vec<u8>,
        lifetime: Duration,
        generation: u64,
    ) -> Result<bool, StoreError> {
        let insert = expiring(self.0.build_insert().if_generation_match(generation), lifetime);
        written(insert.execute(key, value))
    }

    fn wait(&self, time: Duration) {
        std::thread::sleep(time);
    }

    fn now(&self) -> u64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    }

    fn random(&self) -> u64 {
        crate::history::id::random()
    }
}

/// The turn of one publisher of a channel on Viceroy: the obligation to insert a value of the cache, which Viceroy gives to one
/// request, while others wait. It ends without a value, and ends as well if the request does.
struct Turn(Option<Transaction>);

impl Turn {
    /// Without a cache there are no turns.
    fn wait_for(key: &str) -> Self {
        let key = CacheKey::from(format!("fanout {key}").into_bytes());
        Self(Transaction::lookup(key).execute().ok())
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(turn) = &self.0 {
            let _ = turn.cancel_insert_or_update();
        }
    }
}
