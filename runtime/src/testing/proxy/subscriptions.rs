//! The channels that the proxy knows.

use std::collections::BTreeMap;
use std::time::Duration;

use super::clock::Clock;

/// The time after a first subscription at which the proxy makes up for what was published in between.
const FIRST: Duration = Duration::from_secs(1);

/// The time for which the channel of a poll is known after the poll.
const LINGER: Duration = Duration::from_secs(60);

#[derive(Debug, Default)]
pub(super) struct Subscriptions(BTreeMap<String, Known>);

#[derive(Debug, Default)]
struct Known {
    count: usize,
    update_at: Option<Clock>,
    lingers_until: Option<Clock>,
}

impl Subscriptions {
    pub(super) fn add(&mut self, channel: &str, now: Clock) {
        let first = Known { update_at: Some(now.after(FIRST)), ..Known::default() };
        let known = self.0.entry(channel.to_owned()).or_insert(first);
        known.count += 1;
        known.lingers_until = None;
    }

    pub(super) fn remove(&mut self, channel: &str, was_poll: bool, now: Clock) {
        let Some(known) = self.0.get_mut(channel) else { return };
        known.count -= 1;
        if known.count == 0 && was_poll {
            known.lingers_until = Some(now.after(LINGER));
        } else if known.count == 0 {
            self.0.remove(channel);
        }
    }

    pub(super) fn due(&self) -> Option<Clock> {
        self.0.values().flat_map(|known| [known.update_at, known.lingers_until]).flatten().min()
    }

    /// Takes the channels whose connections are to be updated, and forgets those that have lingered.
    pub(super) fn fire(&mut self, now: Clock) -> Vec<String> {
        self.0.retain(|_, known| known.lingers_until.is_none_or(|end| end > now));
        let is_due = |known: &mut Known| known.update_at.take_if(|at| *at <= now).is_some();
        self.0.iter_mut().filter_map(|(name, known)| is_due(known).then(|| name.clone())).collect()
    }
}
