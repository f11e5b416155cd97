use std::collections::BTreeMap;
use std::time::Duration;

use super::proxy::{HoldMode, HttpSession};
use crate::grip::channel::RECOVERY;

/// A client's hold, as the proxy has read it from the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    is_stream: bool,
    subscriptions: Vec<Subscription>,
    timeout: Option<Duration>,
    keep_alive: Option<KeepAlive>,
    next: Option<String>,
    next_after: Option<Duration>,
    gone: Option<String>,
    meta: BTreeMap<String, String>,
}

/// A subscription of a hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    channel: String,
    prev_id: Option<String>,
    filters: Vec<String>,
}

/// The keep-alive of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeepAlive {
    data: Vec<u8>,
    time: Duration,
    is_interval: bool,
}

impl Hold {
    pub(super) fn of(session: &HttpSession) -> Option<Self> {
        let held = session.held.as_ref()?;
        let instruct = &held.instruct;
        let is_stream = instruct.mode != Some(HoldMode::Response);
        // In the order of the instruction, with the ids of now. The app does not know the subscription that proves the link.
        let named = instruct.channels.iter().filter_map(|channel| held.channels.get(&channel.name));
        let named = named.filter(|channel| channel.name != RECOVERY);
        let subscriptions = named.map(|channel| Subscription {
            channel: channel.name.clone(),
            prev_id: channel.prev_id.clone(),
            filters: channel.filters.clone(),
        });
        Some(Self {
            is_stream,
            subscriptions: subscriptions.collect(),
            timeout: (!is_stream).then_some(instruct.timeout),
            keep_alive: instruct.keep_alive.as_ref().map(|keep_alive| KeepAlive {
                data: keep_alive.data.clone(),
                time: Duration::from_secs(keep_alive.seconds),
                is_interval: keep_alive.is_interval,
            }),
            next: instruct.next.as_ref().map(|(url, _)| url.clone()),
            next_after: instruct.next.as_ref().map(|(_, seconds)| Duration::from_secs(*seconds)),
            gone: instruct.gone.clone(),
            meta: instruct.meta.clone(),
        })
    }

    /// Returns true for a stream, and false for a long poll.
    pub fn is_stream(&self) -> bool {
        self.is_stream
    }

    /// The names of the channels, in the order of the answer. The channel that this crate adds [to prove the
    /// link](crate::guide::recovery#what-a-link-carries) is not among them.
    pub fn channels(&self) -> Vec<&str> {
        self.subscriptions.iter().map(Subscription::channel).collect()
    }

    /// The subscriptions, in the order of the answer.
    pub fn subscriptions(&self) -> &[Subscription] {
        &self.subscriptions
    }

    /// The id of the last item of a channel that the client has.
    pub fn prev_id(&self, channel: &str) -> Option<&str> {
        self.subscriptions.iter().find(|this| this.channel == channel)?.prev_id.as_deref()
    }

    /// The timeout of a long poll.
    pub fn timeout(&self) -> Option<Duration> {
        self.timeout
    }

    /// The keep-alive of a stream.
    pub fn keep_alive(&self) -> Option<&KeepAlive> {
        self.keep_alive.as_ref()
    }

    /// The recovery link, as it is in the answer. Its query has the query of the request and, if there are some, the guard value and
    /// the subscriptions of a channel function.
    pub fn next(&self) -> Option<&str> {
        self.next.as_deref()
    }

    /// The quiet time after which the proxy makes a recovery request.
    pub fn next_after(&self) -> Option<Duration> {
        self.next_after
    }

    /// The link at which the proxy tells that the client is gone.
    pub fn gone(&self) -> Option<&str> {
        self.gone.as_deref()
    }

    /// A value of the subscription's meta.
    pub fn meta(&self, name: &str) -> Option<&str> {
        self.meta.get(name).map(String::as_str)
    }
}

impl Subscription {
    /// The name of the channel.
    pub fn channel(&self) -> &str {
        &self.channel
    }

    /// The id of the last item that the client has.
    pub fn prev_id(&self) -> Option<&str> {
        self.prev_id.as_deref()
    }

    /// The names of the filters.
    pub fn filters(&self) -> &[String] {
        &self.filters
    }
}

impl KeepAlive {
    /// The bytes that the proxy sends.
    pub fn data(&self) -> &[u8] {
        &self.data
    }

    /// The time after which it sends them.
    pub fn time(&self) -> Duration {
        self.time
    }

    /// Returns true if the proxy sends them on a busy stream too.
    pub fn is_interval(&self) -> bool {
        self.is_interval
    }
}
