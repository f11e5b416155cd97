//! The order of items with ids: `src/handler/sequencer.cpp` in Pushpin.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use super::clock::Clock;
use super::item::Item;

/// The time for which an item waits for the one before it.
const WAIT: Duration = Duration::from_secs(5);

/// The time for which an id is known, and its repetition dropped.
const ID_LIFE: Duration = Duration::from_secs(60);

/// Puts items with a `prev-id` behind the item of that id, and drops repetitions.
#[derive(Debug, Default)]
pub(super) struct Sequencer {
    last_ids: BTreeMap<String, String>,
    known: Vec<(Clock, String, String)>,
    /// The items that wait, with the time at which they stop waiting.
    waiting: VecDeque<(Clock, Item)>,
}

impl Sequencer {
    /// Returns the items that are ready now: this one, and those that waited for it.
    pub(super) fn add(&mut self, item: Item, now: Clock) -> Vec<Item> {
        self.known.retain(|(end, ..)| *end > now);
        if let Some(id) = &item.id {
            if self.known.iter().any(|(_, channel, known)| *channel == item.channel && known == id) {
                return Vec::new();
            }
            self.known.push((now.after(ID_LIFE), item.channel.clone(), id.clone()));
        }
        if item.no_seq {
            return vec![item];
        }
        if let Some(last) = self.last_ids.get(&item.channel)
            && let Some(prev_id) = &item.prev_id
            && last != prev_id
        {
            let is_taken = |(_, waiting): &(Clock, Item)| {
                waiting.channel == item.channel && waiting.prev_id == item.prev_id
            };
            if !self.waiting.iter().any(is_taken) {
                self.waiting.push_back((now.after(WAIT), item));
            }
            return Vec::new();
        }
        self.ready(item)
    }

    fn ready(&mut self, item: Item) -> Vec<Item> {
        let mut ready = vec![item];
        loop {
            let last = ready.last().expect("there is one");
            match &last.id {
                Some(id) => self.last_ids.insert(last.channel.clone(), id.clone()),
                None => self.last_ids.remove(&last.channel),
            };
            let follows = |(_, waiting): &(Clock, Item)| {
                waiting.channel == last.channel && last.id.is_some() && waiting.prev_id == last.id
            };
            let Some(at) = self.waiting.iter().position(follows) else { return ready };
            ready.extend(self.waiting.remove(at).map(|(_, item)| item));
        }
    }

    /// The time at which the first item stops waiting.
    pub(super) fn due(&self) -> Option<Clock> {
        self.waiting.front().map(|(end, _)| *end)
    }

    /// Returns the items that have waited long enough.
    pub(super) fn expired(&mut self, now: Clock) -> Vec<Item> {
        let mut ready = Vec::new();
        while self.due().is_some_and(|due| due <= now) {
            if let Some((_, item)) = self.waiting.pop_front() {
                ready.extend(self.ready(item));
            }
        }
        ready
    }

    /// The id of the last item of a channel.
    pub(super) fn last_id(&self, channel: &str) -> Option<&String> {
        self.last_ids.get(channel)
    }

    /// Forgets that id, so that the next item is taken whatever is before it.
    pub(super) fn forget(&mut self, channel: &str) {
        self.last_ids.remove(channel);
    }
}
