//! The connection of an HTTP client: `src/handler/httpsession.cpp` in Pushpin.

use std::collections::{BTreeMap, BTreeSet};

use super::clock::Clock;
use super::instruct::{Channel, HoldMode, Instruct};
use super::item::Item;
use crate::testing::header_list::HeaderList;
use crate::testing::wire::{Answer, Request};

/// A client's request, and what the client got so far.
#[derive(Debug)]
pub(in crate::testing) struct HttpSession {
    /// The request as it was handed off.
    pub(in crate::testing) request: Request,
    pub(in crate::testing) answered: Option<Answered>,
    /// The parts of the body, as they were written.
    pub(in crate::testing) parts: Vec<Vec<u8>>,
    pub(in crate::testing) end: Option<End>,
    pub(in crate::testing) held: Option<Held>,
}

/// The head of a client's response.
#[derive(Clone, Debug)]
pub(in crate::testing) struct Answered {
    pub(in crate::testing) status: u16,
    pub(in crate::testing) reason: Option<String>,
    pub(in crate::testing) headers: HeaderList,
}

/// The end of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::testing) enum End {
    /// The response is complete.
    Complete,
    /// The client left.
    Left,
}

/// An open hold.
#[derive(Debug)]
pub(in crate::testing) struct Held {
    pub(in crate::testing) instruct: Instruct,
    pub(in crate::testing) channels: BTreeMap<String, Channel>,
    /// The path and query of the request that made it.
    pub(super) current: String,
    /// The path and query of the recovery link.
    pub(super) next: Option<String>,
    pub(super) gone: Option<String>,
    pub(in crate::testing) timeout_at: Option<Clock>,
    pub(super) keep_alive_at: Option<Clock>,
    pub(super) next_at: Option<Clock>,
    pub(super) retry_at: Option<Clock>,
    pub(super) retries: u32,
    /// True while a request for its update is due.
    pub(super) is_updating: bool,
    /// The items of a stream that wait for the update. Those that follow it are sent then.
    pub(super) queue: Vec<Item>,
    /// The channels with an item since the last recovery request.
    pub(super) active: BTreeSet<String>,
}

impl HttpSession {
    pub(super) fn new(request: Request) -> Self {
        Self { request, answered: None, parts: Vec::new(), end: None, held: None }
    }

    /// Ends with a whole response.
    pub(super) fn respond(&mut self, answer: Answer) {
        self.begin(&answer);
        self.write(answer.body);
        self.end = Some(End::Complete);
    }

    pub(super) fn begin(&mut self, answer: &Answer) {
        let mut headers = answer.headers.clone();
        headers.retain(|name| name != "content-length");
        self.answered = Some(Answered { status: answer.status, reason: answer.reason.clone(), headers });
    }

    pub(super) fn write(&mut self, part: Vec<u8>) {
        if !part.is_empty() {
            self.parts.push(part);
        }
    }
}

impl Held {
    pub(super) fn new(instruct: Instruct, target: &str) -> Self {
        Self {
            next: instruct.next.as_ref().map(|(url, _)| url.clone()),
            gone: instruct.gone.clone(),
            instruct,
            channels: BTreeMap::new(),
            current: target.to_owned(),
            timeout_at: None,
            keep_alive_at: None,
            next_at: None,
            retry_at: None,
            retries: 0,
            is_updating: false,
            queue: Vec::new(),
            active: BTreeSet::new(),
        }
    }

    pub(super) fn is_stream(&self) -> bool {
        self.instruct.mode != Some(HoldMode::Response)
    }

    /// The channels, as filters see them.
    pub(super) fn last_ids(&self) -> BTreeMap<String, Option<String>> {
        self.channels.iter().map(|(name, channel)| (name.clone(), channel.prev_id.clone())).collect()
    }

    /// Takes the subscriptions of the instruction. Returns the new channels, and those that are no longer there.
    pub(super) fn subscribe(&mut self) -> (Vec<String>, Vec<String>) {
        let wanted: Vec<_> =
            self.instruct.channels.iter().take(super::instruct::MAX_CHANNELS).cloned().collect();
        let is_wanted = |name: &String| wanted.iter().any(|channel| channel.name == *name);
        let removed: Vec<_> = self.channels.keys().filter(|name| !is_wanted(name)).cloned().collect();
        removed.iter().for_each(|name| drop(self.channels.remove(name)));
        let mut added = Vec::new();
        for channel in wanted {
            if self.channels.insert(channel.name.clone(), channel.clone()).is_none() {
                added.push(channel.name);
            }
        }
        (added, removed)
    }

    pub(super) fn wake(&mut self, now: Clock) {
        let keep_alive = self.instruct.keep_alive.as_ref().filter(|_| self.is_stream());
        self.keep_alive_at = keep_alive.map(|keep_alive| now.after_seconds(keep_alive.seconds));
    }

    pub(super) fn await_next(&mut self, now: Clock) {
        let seconds = self.instruct.next.as_ref().map(|(_, seconds)| *seconds);
        self.next_at = seconds.filter(|_| self.is_stream()).map(|seconds| now.after_seconds(seconds.max(1)));
    }

    /// The first time at which something happens by itself.
    pub(super) fn due(&self) -> Option<Clock> {
        [self.timeout_at, self.keep_alive_at, self.next_at, self.retry_at].into_iter().flatten().min()
    }
}
