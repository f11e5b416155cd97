use std::collections::{BTreeMap, VecDeque};
use std::marker::PhantomPinned;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::id::Epoch;
use super::{Appended, Entry, EntryId, History, HistoryError, Kept, Latest, Missed};
use crate::grip::Channel;

/// A [history](History) in memory: for tests, for local work, and for a server that runs your endpoints in one process.
///
/// Keep it in a `static`, which all requests share:
///
/// ```
/// use std::time::Duration;
///
/// use fanout::history::MemoryHistory;
///
/// static GOALS: MemoryHistory = MemoryHistory::new(100).max_age(Duration::from_secs(3_600));
///
/// fn goals() -> &'static MemoryHistory {
///     &GOALS
/// }
/// ```
///
/// It is lost when the process ends, and clients that come back then get everything that is kept since. **On
/// Fastly Compute and on Viceroy, each request has a memory of its own, or with [`reuse`](macro@crate::main) each sandbox: a request does
/// not see what others appended, and their ids are unknown to it.** Use `KvHistory` there.
///
/// It keeps a list for each channel to which something was published, for the life of the process.
#[derive(Debug)]
pub struct MemoryHistory {
    channels: Mutex<BTreeMap<Channel, List>>,
    max_entries: usize,
    max_age: Option<Duration>,
    now: fn() -> Instant,
    /// Tells it from a history that a function may return by value. See `LastingHistory`.
    _stays: PhantomPinned,
}

/// The history of a channel.
#[derive(Debug)]
struct List {
    epoch: Epoch,
    /// The number of the newest entry. It counts from 1.
    newest: u64,
    /// The newest entries, with the time of each.
    kept: VecDeque<(Instant, Kept)>,
}

impl MemoryHistory {
    /// Makes a history that keeps this many entries for each channel, and drops the oldest ones.
    pub const fn new(max_entries: usize) -> Self {
        let channels = Mutex::new(BTreeMap::new());
        Self { channels, max_entries, max_age: None, now: Instant::now, _stays: PhantomPinned }
    }

    /// Sets the age at which an entry is dropped. By default, entries do not age.
    #[must_use]
    pub const fn max_age(mut self, age: Duration) -> Self {
        self.max_age = Some(age);
        self
    }

    /// Deletes the entries of all channels. The ids of those are unknown from then on.
    pub fn clear(&self) {
        self.with(BTreeMap::clear);
    }

    fn with<T>(&self, run: impl FnOnce(&mut BTreeMap<Channel, List>) -> T) -> T {
        // No call panics halfway through a change.
        run(&mut self.channels.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Calls `read` with the list of a channel, from which the old entries are dropped.
    fn with_list<T>(&self, channel: &Channel, read: impl FnOnce(Option<&List>) -> T) -> T {
        self.with(|channels| {
            let list = channels.get_mut(channel).map(|list| {
                list.expire((self.now)(), self.max_age);
                &*list
            });
            read(list)
        })
    }
}

impl List {
    fn new() -> Self {
        Self { epoch: Epoch::random(), newest: 0, kept: VecDeque::new() }
    }

    fn expire(&mut self, now: Instant, max_age: Option<Duration>) {
        let Some(max_age) = max_age else { return };
        while self.kept.front().is_some_and(|(then, _)| now.saturating_duration_since(*then) >= max_age) {
            self.kept.pop_front();
        }
    }

    /// The id of the newest entry, also if that is no longer kept.
    fn newest(&self) -> EntryId {
        match self.newest {
            0 => EntryId::before_first(),
            number => EntryId::numbered(&self.epoch, number),
        }
    }

    /// The number of the newest entry that was dropped.
    fn dropped(&self) -> u64 {
        self.newest - self.kept.len() as u64
    }

    fn after(&self, id: &EntryId) -> Missed {
        let number = if id.is_before_first() { Some(0) } else { id.number_in(&self.epoch) };
        let dropped = self.dropped();
        match number {
            Some(number) if (dropped..=self.newest).contains(&number) => {
                Missed::Entries(self.newest_of((self.newest - number) as usize))
            }
            Some(number) if number < dropped => Missed::Expired,
            _ => Missed::Unknown,
        }
    }

    fn newest_of(&self, count: usize) -> Vec<Kept> {
        let first = self.kept.len().saturating_sub(count);
        self.kept.range(first..).map(|(_, kept)| kept.clone()).collect()
    }
}

impl History for MemoryHistory {
    fn append(&self, channel: &Channel, entry: Entry) -> Result<Appended, HistoryError> {
        let now = (self.now)();
        Ok(self.with(|channels| {
            let list = channels.entry(channel.clone()).or_insert_with(List::new);
            let prev_id = list.newest();
            list.newest += 1;
            let id = list.newest();
            list.kept.push_back((now, Kept::new(id.clone(), entry)));
            list.expire(now, self.max_age);
            let excess = list.kept.len().saturating_sub(self.max_entries);
            list.kept.drain(..excess);
            Appended { id, prev_id }
        }))
    }

    fn after(&self, channel: &Channel, id: &EntryId) -> Result<Missed, HistoryError> {
        Ok(self.with_list(channel, |list| match list {
            Some(list) => list.after(id),
            None if id.is_before_first() => Missed::Entries(Vec::new()),
            None => Missed::Unknown,
        }))
    }

    fn latest(&self, channel: &Channel, count: usize) -> Result<Latest, HistoryError> {
        Ok(self.with_list(channel, |list| match list {
            Some(list) => Latest { entries: list.newest_of(count), newest: list.newest() },
            None => Latest { entries: Vec::new(), newest: EntryId::before_first() },
        }))
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::collections::BTreeSet;
    use std::thread;

    use super::*;

    const GOALS: Channel = Channel::from_static("goals");

    fn entry(text: impl Into<String>) -> Entry {
        Entry::new(text.into()).unwrap()
    }

    /// Appends texts, and returns their ids.
    fn append<const N: usize>(history: &MemoryHistory, texts: [&str; N]) -> [EntryId; N] {
        texts.map(|text| history.append(&GOALS, entry(text)).unwrap().id)
    }

    fn texts(entries: &[Kept]) -> Vec<&str> {
        entries.iter().map(|kept| kept.entry().text().unwrap()).collect()
    }

    #[track_caller]
    fn assert_after(history: &MemoryHistory, id: &EntryId, expected: &[&str]) {
        match history.after(&GOALS, id).unwrap() {
            Missed::Entries(entries) => assert_eq!(texts(&entries), expected),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn each_id_leads_to_the_entries_after_it() {
        let history = MemoryHistory::new(10);
        assert_after(&history, &EntryId::before_first(), &[]);
        assert_eq!(history.latest(&GOALS, 5).unwrap().newest, EntryId::before_first());
        let [a, b, c] = append(&history, ["a", "b", "c"]);
        assert_after(&history, &EntryId::before_first(), &["a", "b", "c"]);
        assert_after(&history, &a, &["b", "c"]);
        assert_after(&history, &b, &["c"]);
        assert_after(&history, &c, &[]);
        let latest = history.latest(&GOALS, 2).unwrap();
        assert_eq!((texts(&latest.entries), &latest.newest), (vec!["b", "c"], &c));
        assert_eq!(latest.entries[0].id(), &b);
        assert_eq!(history.latest(&GOALS, 0).unwrap(), Latest { entries: vec![], newest: c });
        assert_eq!(history.latest(&GOALS, usize::MAX).unwrap().entries.len(), 3);
    }

    #[test]
    fn each_entry_names_the_one_before() {
        let history = MemoryHistory::new(1);
        let mut before = EntryId::before_first();
        for text in ["a", "b", "c"] {
            let Appended { id, prev_id } = history.append(&GOALS, entry(text)).unwrap();
            assert_eq!(prev_id, before);
            before = id;
        }
    }

    #[test]
    fn a_full_list_drops_the_oldest_whose_ids_expire() {
        let history = MemoryHistory::new(2);
        let [a, b, c, d] = append(&history, ["a", "b", "c", "d"]);
        assert_eq!(history.after(&GOALS, &EntryId::before_first()).unwrap(), Missed::Expired);
        assert_eq!(history.after(&GOALS, &a).unwrap(), Missed::Expired);
        // Nothing after it was dropped.
        assert_after(&history, &b, &["c", "d"]);
        assert_after(&history, &c, &["d"]);
        assert_after(&history, &d, &[]);
        assert_eq!(texts(&history.latest(&GOALS, usize::MAX).unwrap().entries), ["c", "d"]);
    }

    #[test]
    fn a_history_of_no_entries_still_counts() {
        let history = MemoryHistory::new(0);
        let [a, b] = append(&history, ["a", "b"]);
        assert_eq!(history.after(&GOALS, &a).unwrap(), Missed::Expired);
        assert_after(&history, &b, &[]);
    }

    #[test]
    fn an_old_entry_is_dropped_and_the_newest_id_stays() {
        thread_local! {
            static NOW: Cell<Option<Instant>> = const { Cell::new(None) };
        }
        fn now() -> Instant {
            NOW.get().unwrap_or_else(|| {
                NOW.set(Some(Instant::now()));
                now()
            })
        }
        let wait = |seconds| NOW.set(Some(now() + Duration::from_secs(seconds)));
        let history = MemoryHistory { now, ..MemoryHistory::new(10).max_age(Duration::from_secs(60)) };
        let [a] = append(&history, ["a"]);
        wait(30);
        let [b] = append(&history, ["b"]);
        wait(29);
        assert_after(&history, &a, &["b"]);
        assert_eq!(history.latest(&GOALS, 9).unwrap().entries.len(), 2);
        wait(1);
        assert_eq!(texts(&history.latest(&GOALS, 9).unwrap().entries), ["b"]);
        assert_eq!(history.after(&GOALS, &EntryId::before_first()).unwrap(), Missed::Expired);
        assert_after(&history, &a, &["b"]);
        wait(60);
        assert_eq!(history.latest(&GOALS, 9).unwrap(), Latest { entries: vec![], newest: b.clone() });
        assert_eq!(history.after(&GOALS, &a).unwrap(), Missed::Expired);
        assert_after(&history, &b, &[]);
        let appended = history.append(&GOALS, entry("c")).unwrap();
        assert_eq!(appended.prev_id, b);
        assert_after(&history, &b, &["c"]);
    }

    #[test]
    fn an_id_of_another_history_channel_or_life_is_unknown() {
        let (history, other) = (MemoryHistory::new(10), MemoryHistory::new(10));
        append(&history, ["a", "b"]);
        let [foreign] = append(&other, ["x"]);
        let of_channel = history.append(&Channel::from_static("other"), entry("y")).unwrap().id;
        let epoch = |id: &EntryId| id.as_str().split_once('-').unwrap().0.to_owned();
        let [c] = append(&history, ["c"]);
        let ahead = EntryId::new(format!("{}-4", epoch(&c))).unwrap();
        let made_up = ["1", "x", "-1", "00"].map(|id| EntryId::new(id).unwrap());
        for id in [foreign, of_channel, ahead].iter().chain(&made_up) {
            assert_eq!(history.after(&GOALS, id).unwrap(), Missed::Unknown, "{id}");
        }
        history.clear();
        assert_eq!(history.after(&GOALS, &c).unwrap(), Missed::Unknown);
        let [again] = append(&history, ["a"]);
        assert_ne!(epoch(&again), epoch(&c));
        assert_eq!(history.after(&GOALS, &c).unwrap(), Missed::Unknown);
    }

    #[test]
    fn channels_are_apart() {
        let history = MemoryHistory::new(10);
        let red = Channel::from_static("red");
        append(&history, ["a"]);
        assert_eq!(
            history.latest(&red, 9).unwrap(),
            Latest { entries: vec![], newest: EntryId::before_first() }
        );
        history.append(&red, entry("r")).unwrap();
        assert_after(&history, &EntryId::before_first(), &["a"]);
    }

    #[test]
    fn concurrent_publishers_make_one_chain() {
        const THREADS: usize = 8;
        const EACH: usize = 250;
        static HISTORY: MemoryHistory = MemoryHistory::new(THREADS * EACH);
        let threads: Vec<_> = (0..THREADS)
            .map(|thread| {
                thread::spawn(move || {
                    let append = |n| HISTORY.append(&GOALS, entry(format!("{thread}/{n}"))).unwrap();
                    (0..EACH).map(append).collect::<Vec<_>>()
                })
            })
            .collect();
        let by_thread: Vec<_> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
        let mut next: BTreeMap<_, _> = by_thread
            .iter()
            .flatten()
            .map(|appended| (appended.prev_id.to_string(), appended.id.to_string()))
            .collect();
        assert_eq!(next.len(), THREADS * EACH, "two entries follow the same one");
        let kept = HISTORY.latest(&GOALS, usize::MAX).unwrap().entries;
        let mut id = EntryId::before_first().to_string();
        for kept in &kept {
            id = next.remove(&id).expect("an entry has no next one");
            assert_eq!(kept.id().as_str(), id);
        }
        assert!(next.is_empty());
        assert_eq!(texts(&kept).into_iter().collect::<BTreeSet<_>>().len(), THREADS * EACH);
    }
}
